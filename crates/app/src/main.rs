//! The binary `tsugite`.
fn main() {}
