"""Charts and reports as files at plain addresses of the server: no session, only a link's word."""
