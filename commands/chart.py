"""`chart`: one chart as a file for a document."""
