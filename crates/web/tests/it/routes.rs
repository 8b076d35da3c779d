//! Every address of the server, read from the router itself, so that no test can forget one.

/// One method of one address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub(crate) method: String,
    /// As the router writes it, with `/api/v1` before those of the API.
    pub(crate) path: String,
}

impl Route {
    pub(crate) fn is_api(&self) -> bool {
        self.path.starts_with("/api/v1/")
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// Reads `router.rs`.
pub(crate) fn routes() -> Vec<Route> {
    let source = include_str!("../../src/router.rs");
    let (api, rest) = source.split_once("let public = Router::new()").unwrap();
    let mut found = Vec::new();
    for (part, prefix) in [(api, "/api/v1"), (rest, "")] {
        for written in part.split(".route(").skip(1) {
            let path = written.split('"').nth(1).unwrap();
            // What comes after this route's last handler belongs to no route.
            let handlers = written.split(".fallback(").next().unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                let call = format!("{method}(");
                let names_it = handlers.match_indices(&call).any(|(at, _)| {
                    !handlers[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':')
                });
                if names_it {
                    let path = format!("{prefix}{path}");
                    found.push(Route { method: method.to_uppercase(), path });
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

#[test]
fn router_is_read_whole() {
    let names: Vec<String> = routes().iter().map(Route::name).collect();
    for known in [
        "DELETE /api/v1/salesforce/connection",
        "GET /api/v1/bookings",
        "GET /b/{team}/{page}",
        "GET /console",
        "GET /healthz",
        "POST /api/v1/bookings/{id}/cancel",
        "POST /console/pages/{id}",
        "POST /sign-in",
        "PUT /api/v1/pages/{*path}",
    ] {
        assert!(names.iter().any(|name| name == known), "{known} is missing");
    }
    assert!(names.len() > 110, "{}", names.len());
}
