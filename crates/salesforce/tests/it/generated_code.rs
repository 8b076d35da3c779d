//! The code for the Pub/Sub API, which is generated from Salesforce's proto file and checked in.

use std::path::Path;

/// What is generated for whom: the client's half, and the server's half for the emulator.
const GENERATED: [(bool, &str); 2] =
    [(true, "src/change_events/eventbus.rs"), (false, "../salesforce-emulator/src/http/pubsub/eventbus.rs")];

#[test]
fn checked_in_code_is_what_the_proto_file_gives() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (is_client, checked_in) in GENERATED {
        let made = tempfile::tempdir().unwrap();
        let compiled = protox::compile(["pubsub_api.proto"], [here.join("proto")]).unwrap();
        tonic_prost_build::configure()
            .build_client(is_client)
            .build_server(!is_client)
            .build_transport(false)
            .emit_rerun_if_changed(false)
            .bytes(".")
            .out_dir(made.path())
            .compile_fds(compiled)
            .unwrap();
        let fresh = std::fs::read_to_string(made.path().join("eventbus.v1.rs")).unwrap();
        let known = std::fs::read_to_string(here.join(checked_in)).unwrap();
        if fresh != known {
            let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join("eventbus.rs");
            std::fs::write(&beside, fresh).unwrap();
            panic!("{checked_in} is out of date; copy {} over it", beside.display());
        }
    }
}
