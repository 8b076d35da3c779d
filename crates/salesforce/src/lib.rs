//! A client for Salesforce whose answers say what is known: done, refused or unknown.
