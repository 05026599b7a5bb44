"""Alpaca's addresses in Python programs lead to the session's server: whatever keys and hosts they were given."""

import functools
import importlib.abc
import importlib.util
import os
import re
import sys

from tapedeck_clock import clock

_HOSTS = re.compile(r"^(https?|wss?)://(?:[a-z0-9.-]+\.)?alpaca\.markets(?::\d+)?", re.IGNORECASE)
_BASE = os.environ.get("TAPEDECK_RUN_BASE_URL", "")


def redirected(url):
    """The same path on the session's server; any other address stays as it is."""
    text = _text_of(url)
    match = _HOSTS.match(text)
    if match is None:
        return url
    base = _BASE.replace("http", "ws", 1) if match.group(1).lower().startswith("ws") else _BASE
    return base + text[match.end() :]


def _text_of(url):
    """Of an enumeration of texts, as alpaca-py has it, the text and not the name."""
    return str.__str__(url) if isinstance(url, str) else str(url)


def _is_ours(url):
    return _text_of(url).startswith((_BASE, _BASE.replace("http", "ws", 1)))


def _note(method):
    if str(method).upper() not in ("GET", "HEAD"):
        clock.has_spoken = True


def _patch_requests(module):
    real = module.Session.request

    @functools.wraps(real)
    def request(self, method, url, *args, **kwargs):
        _note(method)
        return real(self, method, redirected(url), *args, **kwargs)

    module.Session.request = request


def _patch_aiohttp(module):
    real = module.ClientSession._request

    @functools.wraps(real)
    async def request(self, method, str_or_url, **kwargs):
        _note(method)
        with clock.exchange():
            return await real(self, method, redirected(str_or_url), **kwargs)

    module.ClientSession._request = request
    module.ClientResponse.read = _exchanged(module.ClientResponse.read)


def _exchanged(real):
    """A coroutine of the event loop that ends with an answer of the server."""

    @functools.wraps(real)
    async def exchanged(*args, **kwargs):
        with clock.exchange():
            return await real(*args, **kwargs)

    return exchanged


def _patch_httpx(module):
    real = module.BaseClient.build_request

    @functools.wraps(real)
    def build_request(self, method, url, **kwargs):
        _note(method)
        return real(self, method, redirected(url), **kwargs)

    module.BaseClient.build_request = build_request
    module.AsyncClient.send = _exchanged(module.AsyncClient.send)


def _patch_websockets(name):
    def patch(module):
        connect = getattr(module, name)
        real = connect.__init__

        @functools.wraps(real)
        def init(self, uri, *args, **kwargs):
            target = redirected(uri)
            if _is_ours(target):
                kwargs.pop("ssl", None)
            real(self, target, *args, **kwargs)

        connect.__init__ = init
        wait = connect.__await__

        def opened(self):
            with clock.exchange():
                return (yield from wait(self))

        connect.__await__ = opened

    return patch


_PATCHES = {
    "requests.sessions": _patch_requests,
    "aiohttp.client": _patch_aiohttp,
    "httpx._client": _patch_httpx,
    "websockets.legacy.client": _patch_websockets("Connect"),
    "websockets.asyncio.client": _patch_websockets("connect"),
}


class _Finder(importlib.abc.MetaPathFinder):
    """Patches the modules above once they are imported."""

    def find_spec(self, name, path=None, target=None):
        patch = _PATCHES.pop(name, None)
        if patch is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


def install():
    sys.meta_path.insert(0, _Finder())
