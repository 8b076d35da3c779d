//! A Salesforce org in a process: OAuth, REST, SOQL and their errors, with faults on request.
