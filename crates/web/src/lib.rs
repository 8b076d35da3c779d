//! The console, the public booking pages and the REST API.
