//! `replace`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, RateLimits, Sandbox};
use serde_json::Value;

use crate::files::Files;
use crate::run::{Ran, puts, run_against};

const LEAVER: &str = "robin.leaver@example.com";

/// The output, without the lines of the sources, which have times.
fn without_sources(files: &Files, ran: &Ran) -> String {
    let text = files.hide(ran);
    let lines = text.lines();
    let kept = lines.filter(|line| !line.contains("Z  ") && !line.contains("\"asked\""));
    kept.map(|line| line.to_owned() + "\n").collect()
}

/// Writes `changes.csv`, which replaces `from` by a successor with these fields.
fn replace(sandbox: &Sandbox, files: &Files, from: &str, successor: &str, more: &[&str]) -> Ran {
    let (jane, changes) = (
        files.with("jane.json", successor),
        files.path("changes.csv"),
    );
    let args = ["replace", "--from", from, "--with", &jane, "-o", &changes];
    run_against(sandbox, &[&args, more].concat())
}

#[test]
fn a_person_is_replaced_in_every_contact() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    insta::assert_snapshot!(without_sources(&files, &ran), @"
    exit code: 0
    ----- stdout
    [folder]/changes.csv: 11 contacts of 10 orders

    ----- stderr
    10 of 14 orders read; 11 contacts found in 10 orders
    note: the successor has no telephone, so orders keep the previous value
    ");
    let ran = run_against(&sandbox, &["apply", &files.path("changes.csv"), "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let args = [
        "export",
        "-o",
        &files.path("after.csv"),
        "--contact",
        LEAVER,
        "--json",
    ];
    let document: Value = serde_json::from_str(&run_against(&sandbox, &args).stdout).unwrap();
    assert_eq!(document["contacts"], 0);
}

#[test]
fn an_invalid_successor_is_rejected_before_any_request() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "mail": "x"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 65
    ----- stderr
    error: `[folder]/jane.json`:
      last_name: required, but missing
      email: required, but missing
      mail: unknown field; did you mean `email`?
    ");
}

#[test]
fn a_successor_in_another_format_is_named_as_what_it_is() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let message = |successor: &str| {
        let ran = replace(&sandbox, &files, LEAVER, successor, &[]);
        assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
        let message = files.hide(&ran.stderr);
        message.split(", such as").next().unwrap().to_owned()
    };
    let csv = "error: `[folder]/jane.json`: the file is CSV, not JSON; \
               expected one contact as a JSON object";
    for successor in [
        "first_name,last_name,email\nJane,Doe,jane.doe@example.com\n",
        "\u{feff}first_name;last_name;email\r\nJane;Doe;jane.doe@example.com\r\n",
        "\"first_name\",\"last_name\"\n\"Jane\",\"Doe\"\n",
        "Name\tMail\nJane\tjane.doe@example.com\n",
    ] {
        assert_eq!(message(successor), csv, "{successor}");
    }
    let others = [
        "",
        "P\0e\0",
        "PK\u{3}\u{4}",
        "first_name: Jane\n",
        "{\"first_name\": \"Jane\",}",
    ];
    insta::assert_snapshot!(others.map(message).join("\n"));
}

#[test]
fn a_byte_order_mark_before_the_successor_is_ignored() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let ran = replace(&sandbox, &files, LEAVER, &format!("\u{feff}{JANE}"), &[]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

const TECHNICAL: [&str; 2] = ["--contact-type", "technical_contact"];
const JANE: &str = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE", "telephone": "+1 555 0199"}"#;

#[test]
fn a_replacement_can_be_planned_in_the_same_command() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let ran = replace(&sandbox, &files, LEAVER, JANE, &["--plan", &plan, "--json"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["search"]["orders"], 14);
    assert_eq!(
        document["summary"]["changes"], 10,
        "10 orders, one with both contacts"
    );
    let ran = run_against(&sandbox, &["apply", &plan, "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[test]
fn an_unknown_person_leaves_no_file() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let replace = |more: &[&str]| {
        let more = [&["--plan", &plan], more, &TECHNICAL].concat();
        replace(&sandbox, &files, "nobody@example.com", JANE, &more)
    };
    insta::assert_snapshot!(without_sources(&files, &replace(&[])), @"
    exit code: 0
    ----- stdout

    plan: 0 orders
    nothing was changed

    ----- stderr
    10 of 14 orders read, 10 of them as a random sample; 0 contacts found in 0 orders
    note: no contact with the e-mail address nobody@example.com was found
    note: --read-all reads every order
    ");
    insta::assert_snapshot!(without_sources(&files, &replace(&["--json"])), @r#"
    exit code: 0
    ----- stdout
    {
      "summary": {
        "orders": 0,
        "changes": 0,
        "unchanged": 0,
        "blocked": 0,
        "read_failed": 0,
        "unread": 0
      },
      "plan": null,
      "digest": null,
      "orders": [],
      "not_restorable": [],
      "search": {
        "orders": 14,
        "without_id": 0,
        "read": 10,
        "sampled": 10,
        "sources": [
          {
            "source": "order-list",
            "state": "used",
            "orders": 14,
            "failure": null
          },
          {
            "source": "order-report",
            "state": "used",
            "orders": 14,
            "failure": null
          },
          {
            "source": "list-search",
            "state": "used",
            "orders": 0,
            "failure": null
          }
        ]
      }
    }

    ----- stderr
    note: no contact with the e-mail address nobody@example.com was found
    note: --read-all reads every order
    "#);
    assert_eq!(files.count(), 1, "only the successor's file");
}

#[test]
fn unreadable_orders_are_reported_if_the_person_is_not_found() {
    let fault = "status=400,order=100000003".parse().unwrap();
    let sandbox = Sandbox::builder().fault(fault).start().unwrap();
    let files = Files::new();
    let args = ["--read-all"];
    let ran = replace(&sandbox, &files, "nobody@example.com", JANE, &args);
    insta::assert_snapshot!(without_sources(&files, &ran), @"
    exit code: 3
    ----- stdout
    no file was written
    1 order could not be read

    ----- stderr
    error: order 100000003 could not be read: the server answered 400: sandbox_fault: A fault of the sandbox.
    13 of 14 orders read, 1 could not be read; 0 contacts found in 0 orders
    note: no contact with the e-mail address nobody@example.com was found
    warning: 1 order could not be searched and may name the person; run the command again
    ");
    assert_eq!(files.count(), 1, "only the successor's file");
}

const FIELDS: &str = "first_name=Jane,last_name=Doe,email=jane.doe@example.com,job_title=Head, IT";

#[test]
fn a_person_is_found_and_replaced_in_one_command() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let journal = files.path("run.jsonl");
    let args = [
        "replace",
        "--from",
        LEAVER,
        "--with",
        FIELDS,
        "--journal",
        &journal,
    ];
    let unasked = run_against(&sandbox, &args);
    assert_eq!(
        (unasked.exit, puts(&sandbox), files.count()),
        (Exit::Usage, 0, 0),
        "{unasked}"
    );
    let guarded = [&args[..], &["--yes", "--max-changes", "9"]].concat();
    let guarded = run_against(&sandbox, &guarded);
    assert_eq!(
        (guarded.exit, puts(&sandbox)),
        (Exit::TooManyChanges, 0),
        "{guarded}"
    );

    let ran = run_against(&sandbox, &[&args[..], &["--yes", "--json"]].concat());
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 10), "{ran}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["summary"]["changed"], 10);
    assert_eq!(document["search"]["sources"][0]["source"], "order-list");
    assert!(run_against(&sandbox, &["find", LEAVER]).stdout.is_empty());
    assert_eq!(
        run_against(&sandbox, &["find", "jane.doe@example.com"])
            .stdout
            .lines()
            .count(),
        12
    );

    let back = files.path("back.json");
    let undone = run_against(&sandbox, &["undo", &journal, "-o", &back]);
    assert_eq!(undone.exit, Exit::Done, "{undone}");
}

#[test]
fn only_one_contact_type_is_replaced_if_it_is_named() {
    let sandbox = Sandbox::start().unwrap();
    let args = [
        "replace",
        "--from",
        LEAVER,
        "--with",
        FIELDS,
        "--yes",
        TECHNICAL[0],
        TECHNICAL[1],
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 8), "{ran}");
    assert_eq!(
        run_against(&sandbox, &["find", LEAVER])
            .stdout
            .lines()
            .count(),
        1 + 3
    );
}

#[test]
fn several_people_are_replaced_from_a_file() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let people = files.with("people.jsonl", &format!("{JANE}\n"));
    let rows =
        format!("from;with\n{LEAVER};JANE.doe@example.com\nada.nwosu@example.com;{FIELDS}\n");
    let leavers = files.with("leavers.csv", &rows);
    let args = ["replace", "--leavers", &leavers, "--with", &people, "--yes"];
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let jane = run_against(&sandbox, &["find", "jane.doe@example.com"]);
    assert_eq!(jane.stdout.lines().count(), 1 + 11 + 3, "{jane}");
}

#[test]
fn an_invalid_successor_or_file_of_people_is_rejected_before_any_request() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let leavers = |text: &str| {
        let file = files.with("leavers.csv", text);
        run_against(&sandbox, &["replace", "--leavers", &file, "--yes"])
    };
    let with = |with: &str| run_against(&sandbox, &["replace", "--from", LEAVER, "--with", with]);
    let errors = [
        leavers("a,b\nx@example.com,y@example.com\n"),
        leavers("from,with\n"),
        leavers("from,with\nx@example.com,y@example.com\n"),
        leavers("from,with\nrobin,first_name=Jane\n"),
        leavers(&format!(
            "from,with\n{LEAVER},\"{FIELDS}\"\nRobin.Leaver@example.com,\"{FIELDS}\"\n"
        )),
        leavers(&format!(
            "from,with\njane.doe@example.com,\"first_name=Zoe,last_name=Roe,email=zoe@example.com\"\n\
             {LEAVER},\"{FIELDS}\"\n"
        )),
        leavers("from,with,contact_type\nx@example.com,a.json,technical_contact\n"),
        leavers("from,with\nx@example.com\n"),
        leavers("from,with\nx@example.com,\n"),
        with("first_name=Jane,mail=x"),
        with("first_name=Jane,email=x"),
        run_against(&sandbox, &["replace", "--from", "robin", "--with", FIELDS]),
    ];
    insta::assert_snapshot!(files.hide(&errors.map(|ran| ran.to_string()).join("\n\n")));
    assert_eq!(sandbox.requests().len(), 0);
}

#[test]
fn few_orders_of_many_take_few_requests() {
    let sandbox = Sandbox::builder()
        .account(Account::seeded(2_000, 7))
        .rate_limits(RateLimits::off())
        .start()
        .unwrap();
    let leaver = sandbox.state()["leavers"][0].as_str().unwrap().to_owned();
    let args = [
        "replace",
        "--from",
        &leaver,
        "--with",
        FIELDS,
        "--yes",
        "--rate-limit",
        "off",
    ];
    let ran = run_against(&sandbox, &[&args[..], &TECHNICAL].concat());
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let found = puts(&sandbox);
    assert!(found > 0, "{ran}");
    // Two pages of the list, the report, the search, and the leaver's organization contacts.
    let read = sandbox.requests().len() - 4 - 2 * found;
    let line = format!("{read} of 2000 orders read");
    assert!(
        read < 2 * found && ran.stderr.contains(&line),
        "{read} reads for {found}: {ran}"
    );
}
