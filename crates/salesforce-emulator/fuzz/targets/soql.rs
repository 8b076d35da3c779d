//! Any text may be sent as SOQL: reading it never panics, and what is read can be printed and read again.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| salesforce_emulator::fuzzing::soql(text));
