//! Clocks that differ or jump. Needs libfaketime.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use contacts_http::RateLimit;

use crate::limit::enforcing_all;
use crate::server::{client_for, order, update};
use crate::shared_limit::{process, wait_for_all};
use crate::store_server::{PROGRAMS, StoreServer, program};

/// The library that changes what a process sees of the clock.
fn faketime() -> Option<PathBuf> {
    program("faketime")?;
    let folders = fs::read_dir("/usr/lib").unwrap().flatten();
    let mut files = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    files.find(|file| file.exists())
}

#[test]
fn processes_whose_clocks_differ_share_one_limit() {
    let (Some(store), Some(library)) = (StoreServer::redis(&[]), faketime()) else {
        return;
    };
    store.wait_until_older_than(Duration::from_secs(3));
    let limits = vec![
        RateLimit::new(20, Duration::from_millis(500)),
        RateLimit::new(60, Duration::from_secs(3)),
    ];
    let api = enforcing_all(limits, Duration::from_millis(10));
    let children = ["+3600s", "-3d", "+0s"].map(|offset| {
        let mut child = process(&api, &store, "short", 40);
        child.env("LD_PRELOAD", &library).env("FAKETIME", offset);
        // A system call that waits knows the real one.
        child.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        child.spawn().unwrap()
    });
    wait_for_all(children.into());
    let answers = api.requests();
    assert_eq!(answers.len(), 120);
    assert!(answers.iter().all(|answer| answer == "204"), "{answers:?}");
}

/// A store whose clock differs by what the file says, which can change.
fn store_with_clock(library: &Path, offset: &str) -> (StoreServer, PathBuf) {
    // Debian's Redis has an allocator that libfaketime does not work with.
    let mut store = StoreServer::start(PROGRAMS[1], &[]).unwrap();
    store.stop();
    let file = store.folder.path().join("clock");
    fs::write(&file, offset).unwrap();
    let mut command = Command::new("env");
    command.arg(format!("LD_PRELOAD={}", library.display()));
    command.arg(format!("FAKETIME_TIMESTAMP_FILE={}", file.display()));
    command.args(["FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"]);
    store.run_under(command, &[]);
    (store, file)
}

#[test]
fn a_store_whose_clock_is_set_forward_or_back_breaks_no_limit() {
    let (Some(_), Some(library)) = (program(PROGRAMS[1]), faketime()) else {
        return;
    };
    for jump in ["+1h", "-1h", "+700ms"] {
        let (store, file) = store_with_clock(&library, "+0");
        let limit = RateLimit::new(3, Duration::from_secs(1));
        store.wait_until_older_than(limit.window());
        let api = enforcing_all(vec![limit], Duration::ZERO);
        let client = client_for(&api.base_url()).rate_limits([limit]);
        let client = client.rate_limit_url(store.url()).build().unwrap();
        let send = |requests| {
            for _ in 0..requests {
                client.update_contacts(order(), &update()).unwrap();
            }
        };
        send(3);
        fs::write(&file, jump).unwrap();
        let jumped = Instant::now();
        send(6);
        let took = jumped.elapsed();
        assert!(
            api.requests().iter().all(|answer| answer == "204"),
            "{jump}"
        );
        assert!(
            took > limit.window() && took < Duration::from_secs(6),
            "{jump}: {took:?}"
        );
    }
}
