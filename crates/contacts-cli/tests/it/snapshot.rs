//! `plan --state`: plans from an earlier export.

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;

use crate::files::Files;
use crate::run::{example, puts, run, run_against};

fn exported(sandbox: &Sandbox, files: &Files) -> String {
    let export = files.path("export.csv");
    let ran = run_against(sandbox, &["export", "-o", &export]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    export
}

#[test]
fn a_plan_from_an_export_takes_no_request_and_equals_one_that_reads() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let (file, plan) = (example("contacts.csv"), files.path("plan.json"));
    let export = exported(&sandbox, &files);
    let read = run_against(&sandbox, &["plan", &file]);
    let requests = sandbox.requests().len();
    let args = ["plan", &file, "--state", &export, "-o", &plan];
    let planned = run_against(&sandbox, &args);
    assert_eq!(sandbox.requests().len(), requests);
    assert_eq!(planned.exit, Exit::Done, "{planned}");
    let orders = |text: &str| {
        let (orders, _) = text.split_once("\nplan: ").unwrap();
        orders
            .split("\norder ")
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (planned, read) = (orders(&planned.stdout), orders(&read.stdout));
    let different = planned.iter().zip(&read).filter(|(a, b)| a != b);
    let different: Vec<_> = different.map(|(planned, _)| planned.as_str()).collect();
    assert_eq!(
        different,
        ["100000005  unread"],
        "it has no technical contact"
    );

    let applied = run_against(&sandbox, &["apply", &plan, "--yes"]);
    assert_eq!(applied.exit, Exit::Done, "{applied}");
    assert!(puts(&sandbox) > 0);
}

#[test]
fn no_api_key_is_needed() {
    let files = Files::new();
    let export = files.with(
        "export.csv",
        "order_id,contact_type,first_name,last_name,email,telephone,common_name,status,product\n\
         7,technical_contact,Robin ,Leaver,robin@exämple.com,'+1 555,www.example.com,issued,x\n",
    );
    let file = files.with(
        "changes.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         7,technical_contact,Jane,Doe,jane@example.com\n\
         7,organization_contact,Jane,Doe,jane@example.com\n\
         8,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let technical = files.with(
        "technical.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         7,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let ran = run(&["plan", &technical, "--state", &export]);
    insta::assert_snapshot!(ran, @"
    exit code: 0
    ----- stdout
    order 7  www.example.com  issued
      technical_contact
        first_name   Robin              ->  Jane
        last_name    Leaver             ->  Doe
        email        robin@exämple.com  ->  jane@example.com
        telephone    +1 555             ->  (kept)
      undo may not restore: technical_contact first_name: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (surrounding-white-space)
      undo may not restore: technical_contact email: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (email-format)

    plan: 1 order: 1 to change
    to apply it: at most 3 requests
    nothing was changed
    ");
    let args = ["plan", &file, "--state", &export, "--detailed-exitcode"];
    insta::assert_snapshot!(run(&args), @"
    exit code: 2
    ----- stdout
    order 7  unread
    order 8  unread

    plan: 2 orders: 2 to read and change
    to apply it: at most 6 requests
    nothing was changed
    ");
}

#[test]
fn an_order_that_changed_since_the_export_is_not_overwritten() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let export = exported(&sandbox, &files);
    let file = files.with(
        "changes.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         100000001,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let plan = files.path("plan.json");
    run_against(&sandbox, &["plan", &file, "--state", &export, "-o", &plan]);
    let colleague = "email=colleague@example.com";
    let set = ["set", "100000001", "--technical", colleague, "--yes"];
    let set = run_against(&sandbox, &set);
    assert_eq!(set.exit, Exit::Done, "{set}");
    let applied = run_against(&sandbox, &["apply", &plan, "--yes"]);
    assert_eq!(applied.exit, Exit::SomeFailed, "{applied}");
    assert!(applied.stdout.contains("conflict"), "{applied}");
    assert_eq!(puts(&sandbox), 1, "only the colleague's change");
}

#[test]
fn what_is_not_an_export_is_rejected_with_its_lines() {
    let files = Files::new();
    let file = example("contacts.csv");
    let row = "technical_contact,Jane,Doe,jane@example.com";
    let damaged = files.with(
        "export.csv",
        &format!(
            "order_id,contact_type,first_name,last_name,email\n1E+08,{row}\n7,{row}\n7,{row}\n"
        ),
    );
    let ran = run(&["plan", &file, "--state", &damaged]);
    insta::assert_snapshot!(files.hide(&ran.to_string()), @"
    exit code: 65
    ----- stderr
    error: input rejected, nothing was sent; 2 problems:
      [folder]/export.csv:2: order_id: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
      [folder]/export.csv:4: contact_type: a second `technical_contact` for this order, the first is on line 3; remove one of them
    ");
    let other = files.with("export.json", "{}");
    let ran = run(&["plan", &file, "--state", &other]);
    insta::assert_snapshot!(files.hide(&ran.to_string()), @"
    exit code: 65
    ----- stderr
    error: input rejected, nothing was sent:
      [folder]/export.json:1: not a header; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)
    ");
}
