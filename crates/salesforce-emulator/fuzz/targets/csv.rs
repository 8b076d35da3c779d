//! Any bytes may be uploaded: reading them never panics and always ends, and what is read can be written and read again.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| salesforce_emulator::fuzzing::csv(bytes));
