//! The committed description of the API matches the code.

use std::process::Command;

#[test]
fn committed_openapi_matches_code() {
    let printed = Command::new(env!("CARGO_BIN_EXE_tsugite")).arg("openapi").output().unwrap();
    assert!(printed.status.success());
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let committed = std::fs::read(committed).unwrap();
    assert!(printed.stdout == committed, "docs/openapi.json is old: tsugite openapi > docs/openapi.json");
}
