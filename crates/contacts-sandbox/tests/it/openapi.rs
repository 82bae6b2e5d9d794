//! The description has the paths that the server serves; schemathesis tests the rest from Python.

use contacts_sandbox::Sandbox;
use serde_json::Value;

use crate::client::{exchange, send};

#[test]
fn every_described_path_serves_only_the_described_methods() {
    let sandbox = Sandbox::start().unwrap();
    // It needs no key.
    let request = b"GET /openapi.json HTTP/1.1\r\nconnection: close\r\n\r\n";
    let response = exchange(sandbox.address(), request);
    let described: Value = serde_json::from_str(&response.body).unwrap();
    let paths = described["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 7);
    for (path, operations) in paths {
        let path = path
            .replace("{order_id}", "100000001")
            .replace("{order}", "100000001")
            .replace("{certificate_id}", "600000001");
        for method in ["get", "put", "post", "delete", "patch"] {
            let response = send(
                &sandbox,
                sandbox.api_key(),
                &method.to_uppercase(),
                path.trim_start_matches('/'),
                "{}",
            );
            let served = response.status != 405 && response.status != 404;
            let described = operations.get(method).is_some();
            assert_eq!(served, described, "{method} {path}: {}", response.status);
        }
    }
}
