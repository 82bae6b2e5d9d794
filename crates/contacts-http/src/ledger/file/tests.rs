use super::{Duration, Instant, Later, RateLimit, SharedFile, fs};
use crate::window::{Ended, Next};

fn file(folder: &tempfile::TempDir, lease: Duration) -> SharedFile {
    SharedFile::new(folder.path().join("limit.json"), lease)
}

const LIMITS: [RateLimit; 1] = [RateLimit::new(3, Duration::from_secs(3600))];
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn two_processes_share_the_windows() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (file(&folder, MINUTE), file(&folder, MINUTE));
    let ticket = a.try_begin(&LIMITS).unwrap().unwrap();
    a.end(ticket, Ended::Answered).unwrap();
    assert!(b.try_begin(&LIMITS).unwrap().is_ok());
    assert!(a.try_begin(&LIMITS).unwrap().is_ok());
    let later = b.try_begin(&LIMITS).unwrap().unwrap_err();
    assert!(
        matches!(later, Later::In(wait) if wait > MINUTE),
        "{later:?}"
    );
}

#[test]
fn what_a_dead_process_had_begun_counts_as_answered() {
    let folder = tempfile::tempdir().unwrap();
    let dead = file(&folder, Duration::from_millis(1));
    for _ in 0..3 {
        dead.try_begin(&LIMITS).unwrap().unwrap();
    }
    std::thread::sleep(Duration::from_millis(5));
    let later = file(&folder, MINUTE).try_begin(&LIMITS).unwrap();
    assert!(
        matches!(later, Err(Later::In(_))),
        "a slot is held, but not for ever: {later:?}"
    );
}

#[test]
fn a_lease_is_as_long_as_its_owner_has_time_and_no_longer_than_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 3600);
    for (time, kept) in [(day, day), (day * 365, day + day / 24)] {
        let patient = file(&folder, time);
        patient.try_begin(&LIMITS).unwrap().unwrap();
        let other = file(&folder, MINUTE).try_begin(&LIMITS).unwrap().unwrap();
        patient.end(other, Ended::Answered).unwrap();
        let leases = patient.read().unwrap().leases;
        assert_eq!(leases.len(), 1);
        assert_eq!(leases[0].time, kept);
        fs::remove_file(&patient.path).unwrap();
    }
}

#[test]
fn a_request_that_outlived_its_lease_is_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let slow = file(&folder, Duration::from_millis(1));
    let ticket = slow.try_begin(&LIMITS).unwrap().unwrap();
    std::thread::sleep(Duration::from_millis(5));
    slow.try_begin(&LIMITS).unwrap().unwrap();
    slow.end(ticket, Ended::Answered).unwrap();
    assert!(slow.try_begin(&LIMITS).unwrap().is_ok());
    assert!(slow.try_begin(&LIMITS).unwrap().is_err());
}

#[test]
fn a_lock_that_is_held_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let lock = file.lock(MINUTE).unwrap().unwrap();
    assert_eq!(
        file.try_begin(&LIMITS).unwrap(),
        Err(Later::In(super::LOCK_STEP))
    );
    drop(lock);
    assert!(file.try_begin(&LIMITS).unwrap().is_ok());
}

#[test]
fn a_lock_is_tried_for_as_long_as_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (file(&folder, MINUTE), file(&folder, MINUTE));
    let held = a.lock(MINUTE).unwrap().unwrap();
    let begin = Instant::now();
    let time = Duration::from_millis(30);
    assert!(b.lock(time).unwrap().is_none());
    assert!(begin.elapsed() >= time);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| b.lock(MINUTE).unwrap().is_some());
        std::thread::sleep(time);
        drop(held);
        assert!(waiting.join().unwrap());
    });
}

#[test]
fn a_file_that_cannot_be_read_is_not_taken_for_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    fs::create_dir(&file.path).unwrap();
    assert!(file.read().is_err());
}

#[test]
#[cfg(unix)]
fn a_pipe_is_no_file_and_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let make = |path| std::process::Command::new("mkfifo").arg(path).status();
    assert!(make(&file.path).unwrap().success());
    let error = file.read().err().unwrap();
    assert_eq!(error.to_string(), "not a regular file");
    assert!(make(&super::beside(&file.path, ".lock")).unwrap().success());
    let error = file.lock(MINUTE).err().unwrap();
    assert_eq!(error.to_string(), "not a regular file");
}

#[test]
fn an_answer_that_was_not_noted_counts_from_the_end_of_its_lease() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let [begun, time, now] = [10_000, 1_800, 12_500].map(Duration::from_secs);
    let mut stored = file.read().unwrap();
    stored.leases.push(super::Lease { id: 1, begun, time });
    stored.expire(now);
    assert!(stored.leases.is_empty());
    let one = [RateLimit::new(1, Duration::from_secs(3600))];
    let Next::At(free) = stored.windows.next(&one, now) else {
        panic!("it does not count");
    };
    assert_eq!(free.as_secs(), 10_000 + 1_800 + 3_600);
}

#[test]
fn a_lock_is_given_back_although_a_child_has_the_file_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let lock = file.lock(MINUTE).unwrap().unwrap();
    // What a fork does.
    let of_child = lock.0.try_clone().unwrap();
    drop(lock);
    assert!(file.try_begin(&LIMITS).unwrap().is_ok());
    drop(of_child);
}

#[test]
fn a_file_that_makes_no_sense_neither_stops_for_ever_nor_breaks_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let far = r#"{"secs":18446744073709551615,"nanos":0}"#;
    for (under_way, answered, closed, percent, lease) in [
        ("9", "", "{\"secs\":0,\"nanos\":0}", "100", ""),
        ("0", far, "{\"secs\":0,\"nanos\":0}", "4294967295", ""),
        ("0", "", far, "0", ""),
        ("0", "", "{\"secs\":0,\"nanos\":0}", "100", far),
    ] {
        let lease = match lease {
            "" => String::new(),
            time => format!(r#"{{"id":1,"begun":{time},"time":{time}}}"#),
        };
        let text = format!(
            r#"{{"version":1,"windows":{{"under_way":{under_way},"answered":[{answered}],
            "closed_until":{closed},"pace":{{"percent":{percent},"answers_since":4294967295,
            "slowed":{far}}}}},"leases":[{lease}],"next_id":18446744073709551615}}"#
        );
        fs::write(&file.path, &text).unwrap();
        let mut begun = 0;
        let later = loop {
            match file.try_begin(&LIMITS).unwrap() {
                Ok(ticket) => {
                    file.end(ticket, Ended::Answered).unwrap();
                    begun += 1;
                }
                Err(later) => break later,
            }
        };
        assert!(begun <= 3, "{text}");
        let (Later::In(wait) | Later::Closed(wait)) = later else {
            panic!("{later:?} for {text}");
        };
        assert!(wait <= MINUTE * 61, "{wait:?} for {text}");
    }
}

#[test]
fn a_damaged_file_is_told_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    for damaged in ["", "{", "{\"version\":2}", "null"] {
        fs::write(&file.path, damaged).unwrap();
        let error = file.try_begin(&LIMITS).unwrap_err().to_string();
        assert!(
            error.starts_with("not a rate limit file of this version"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&file.path).unwrap(), damaged);
    }
}
