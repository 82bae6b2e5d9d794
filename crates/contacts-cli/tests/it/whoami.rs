//! `whoami`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Sandbox};

use crate::run::{run_against, run_with_key, without_address};

#[test]
fn whoami_shows_the_user_of_the_key() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_with_key(&sandbox, Account::DEMO_VIEW_ONLY_KEY, &["whoami"]);
    insta::assert_snapshot!(without_address(&ran.to_string(), &sandbox), @"
    exit code: 0
    ----- stdout
    user      sandbox
    user id   1
    account   1
    roles     View Only (102)
    base URL  http://[sandbox]/services/v2
    ");
    let ran = run_against(&sandbox, &["whoami", "--json"]);
    insta::assert_snapshot!(without_address(&ran.stdout, &sandbox), @r#"
    {
      "base_url": "http://[sandbox]/services/v2",
      "user_id": 1,
      "username": "sandbox",
      "account_id": 1,
      "access_roles": [
        {
          "id": 1,
          "name": "Administrator"
        }
      ]
    }
    "#);
}

#[test]
fn a_rejected_key_has_its_exit_code() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_with_key(&sandbox, "wrong", &["whoami"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::KeyRejected, ""));
    insta::assert_snapshot!(ran.stderr, @"error: the API key could not be looked up: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.; the key was not accepted: use another key");
}
