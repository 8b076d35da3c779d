//! Types and pure decisions: no async, I/O, clock or randomness.
