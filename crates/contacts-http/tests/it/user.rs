//! `whoami`, and other answers whose members do not have the documented types.

use contacts_core::OrderId;
use contacts_http::{OrderFilter, User};

use crate::server::Server;

fn user(body: &str) -> User {
    let server = Server::with_status("200 OK", "", body);
    server.client().whoami().unwrap()
}

#[test]
fn the_documented_user_is_read() {
    let user = user(include_str!("fixtures/user.json"));
    assert_eq!((user.id, user.account_id), (Some(1234), Some(5_153_184)));
    assert_eq!(user.username.as_deref(), Some("jane"));
    let role = &user.access_roles[0];
    assert_eq!(
        (role.id, role.name.as_deref()),
        (Some(1), Some("Administrator"))
    );
}

#[test]
fn a_member_of_another_type_does_not_fail_the_user() {
    let odd =
        user(r#"{"id": "1234", "account_id": "5153184", "username": 7, "access_roles": null}"#);
    assert_eq!((odd.id, odd.account_id), (Some(1234), Some(5_153_184)));
    assert_eq!((odd.username, odd.access_roles.len()), (None, 0));

    let bad = user(r#"{"id": {}, "account_id": -1, "username": "jane", "access_roles": false}"#);
    assert_eq!((bad.id, bad.account_id), (None, None));
    assert_eq!(
        (bad.username.as_deref(), bad.access_roles.len()),
        (Some("jane"), 0)
    );

    let duplicate = user(r#"{"id": 1, "id": 2, "access_roles": []}"#);
    assert_eq!(duplicate.id, Some(2));
}

#[test]
fn roles_are_read_in_any_form() {
    let roles = |roles: &str| {
        let user = user(&format!(r#"{{"id": 1, "access_roles": {roles}}}"#));
        let roles = user
            .access_roles
            .into_iter()
            .map(|role| (role.id, role.name));
        roles.collect::<Vec<_>>()
    };
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        roles(
            r#"["Administrator", 5, null, [], {"id": "2", "name": "User"}, {"id": 3, "name": 4}]"#
        ),
        [
            (None, name("Administrator")),
            (Some(5), None),
            (Some(2), name("User")),
            (Some(3), None),
        ]
    );
    assert_eq!(
        roles(r#"{"id": 1, "name": "Administrator"}"#),
        [(Some(1), name("Administrator"))]
    );
    assert_eq!(roles(r#""Administrator""#), [(None, name("Administrator"))]);
}

#[test]
fn an_answer_that_is_not_a_user_is_an_error() {
    for (body, message) in [
        ("{}", "the response is not a user; check the base URL"),
        ("[]", "the response is not a user; check the base URL"),
        (
            r#"[1, "jane"]"#,
            "the response is not a user; check the base URL",
        ),
        (
            "null",
            "the server answered 200 with text instead of DigiCert's JSON; the request was \
             blocked on the way: check the base URL and the proxy",
        ),
    ] {
        let server = Server::with_status("200 OK", "", body);
        let error = server.client().whoami().unwrap_err();
        let expected = format!("the API key could not be looked up: {message}");
        assert_eq!(error.to_string(), expected, "{body}");
        assert!(error.is_unavailable());
    }
}

/// The ids of a list, or its error.
fn listed(body: &str) -> Result<Vec<u64>, String> {
    let server = Server::with_status("200 OK", "", body);
    let orders = server.client().orders(OrderFilter::default());
    let orders = orders.map(|order| order.map_err(|e| e.to_string()));
    let orders = orders.collect::<Result<Vec<_>, _>>()?;
    let ids = orders.iter().filter_map(|order| order.id);
    Ok(ids.map(OrderId::get).collect())
}

#[test]
fn a_list_with_members_of_other_types_is_read() {
    for body in [
        r#"{"orders": [{"id": "7"}, {"id": 8}], "page": {"total": "2"}}"#,
        r#"{"orders": [{"id": "7"}, {"id": 8}], "page": null}"#,
        r#"{"orders": [{"id": "7"}, {"id": 8}], "page": []}"#,
        r#"{"orders": [{"id": "7"}, {"id": 8}], "page": {"total": null}}"#,
        r#"{"orders": [{"id": "7"}, {"id": 8}], "page": {"total": "many", "limit": {}}}"#,
        r#"{"orders": [{"id": "7"}, null, "x", [9], {"id": 8}, {"id": -1}], "page": {"total": "6"}}"#,
        r#"{"orders": [{"id": 7, "product": "x", "certificate": [], "status": 5}, {"id": 8}]}"#,
    ] {
        assert_eq!(listed(body), Ok(vec![7, 8]), "{body}");
    }
}

#[test]
fn a_list_without_a_list_of_orders_is_an_error() {
    for orders in [
        r#""orders": null"#,
        r#""orders": {"1": {"id": 7}}"#,
        r#""x": []"#,
    ] {
        let error = listed(&format!(r#"{{{orders}, "page": {{"total": 1}}}}"#)).unwrap_err();
        assert_eq!(
            error,
            "the orders could not be listed: the response is not a list of orders; check the base URL"
        );
    }
    assert_eq!(
        listed(r#"{"orders": null, "page": {"total": 0}}"#),
        Ok(vec![])
    );
    assert_eq!(listed(r#"{"page": {"total": "0"}}"#), Ok(vec![]));
}
