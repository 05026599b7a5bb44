#!/usr/bin/env node
/** Starts the command line, once Node is new enough and the code is built; says in words what is missing. */
const wanted = [20, 19];
const version = process.versions.node.split(".").map(Number);
const isOld = version[0] < wanted[0] || (version[0] === wanted[0] && version[1] < wanted[1]);

if (isOld) {
  console.error("tapedeck: needs Node " + wanted.join(".") + " or newer; this is Node " + process.versions.node + ".");
  process.exitCode = 1;
} else {
  import("../dist/cli/main.js").then(
    function run(cli) {
      return cli.main(process.argv.slice(2));
    },
    function explain(error) {
      const isUnbuilt = error.code === "ERR_MODULE_NOT_FOUND" && /dist[\\/]cli[\\/]main\.js/.test(error.message);
      console.error(isUnbuilt ? "tapedeck: is not built yet; run: npm run build" : error);
      process.exitCode = 1;
    },
  );
}
