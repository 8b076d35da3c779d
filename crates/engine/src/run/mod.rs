//! What every run has, whatever it brings: its context and its end.

pub(crate) mod finish;
