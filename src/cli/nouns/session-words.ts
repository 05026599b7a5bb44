/** Words that the verbs of sessions share. */

export const SESSION = "the session's id, four characters or more of its beginning, or its name";
