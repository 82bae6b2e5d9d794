use super::{Duration, FileStore, Instant, Lease, RateLimit, Wait, fs};

fn file(folder: &tempfile::TempDir, lease: Duration) -> FileStore {
    FileStore::new(folder.path().join("limit.json"), lease)
}

impl FileStore {
    fn acquire(&self) -> Result<Lease, Wait> {
        self.try_acquire(&LIMITS).unwrap()
    }
}

const LIMITS: [RateLimit; 1] = [RateLimit::new(3, Duration::from_secs(3600))];
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn requests_of_a_killed_process_count_as_answered() {
    let folder = tempfile::tempdir().unwrap();
    let killed = file(&folder, Duration::from_millis(1));
    for _ in 0..3 {
        killed.acquire().unwrap();
    }
    std::thread::sleep(Duration::from_millis(5));
    let wait = file(&folder, MINUTE).acquire();
    assert!(
        matches!(wait, Err(Wait::For(_))),
        "the lease has expired: {wait:?}"
    );
}

#[test]
fn a_lease_lasts_for_the_timeout_and_at_most_25_hours() {
    let folder = tempfile::tempdir().unwrap();
    let day = Duration::from_secs(24 * 3600);
    for (time, stored) in [(day, day), (day * 365, day + day / 24)] {
        let slow = file(&folder, time);
        slow.acquire().unwrap();
        let other = file(&folder, MINUTE).acquire().unwrap();
        slow.release(other, None).unwrap();
        let leases = slow.read().unwrap().leases;
        assert_eq!(leases.len(), 1);
        assert_eq!(leases[0].duration, stored);
        fs::remove_file(&slow.path).unwrap();
    }
}

#[test]
fn a_request_that_outlives_its_lease_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let slow = file(&folder, Duration::from_millis(1));
    let lease = slow.acquire().unwrap();
    std::thread::sleep(Duration::from_millis(5));
    slow.acquire().unwrap();
    slow.release(lease, None).unwrap();
    assert!(slow.acquire().is_ok());
    assert!(slow.acquire().is_err());
}

#[test]
fn a_lock_held_by_another_process_does_not_block() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let lock = file.lock(MINUTE).unwrap().unwrap();
    assert_eq!(file.acquire(), Err(Wait::For(super::LOCK_RETRY_INTERVAL)));
    drop(lock);
    assert!(file.acquire().is_ok());
}

#[test]
fn locking_is_tried_until_the_timeout() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (file(&folder, MINUTE), file(&folder, MINUTE));
    let held = a.lock(MINUTE).unwrap().unwrap();
    let started = Instant::now();
    let time = Duration::from_millis(30);
    assert!(b.lock(time).unwrap().is_none());
    assert!(started.elapsed() >= time);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| b.lock(MINUTE).unwrap().is_some());
        std::thread::sleep(time);
        drop(held);
        assert!(waiting.join().unwrap());
    });
}

#[test]
fn an_expired_lease_counts_from_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let [started, duration, now] = [10_000, 1_800, 12_500].map(Duration::from_secs);
    let mut content = file.read().unwrap();
    content.leases.push(Lease {
        id: 1,
        started,
        duration,
    });
    content.expire(now);
    assert!(content.leases.is_empty());
    let one = [RateLimit::new(1, Duration::from_secs(3600))];
    let Err(Wait::For(wait)) = content.windows.try_acquire(&one, now) else {
        panic!("it does not count");
    };
    assert_eq!((now + wait).as_secs(), 10_000 + 1_800 + 3_600);
}

#[test]
fn the_lock_is_released_even_if_a_forked_child_has_the_file_open() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(&folder, MINUTE);
    let lock = file.lock(MINUTE).unwrap().unwrap();
    // As a fork does.
    let child = lock.0.try_clone().unwrap();
    drop(lock);
    assert!(file.acquire().is_ok());
    drop(child);
}
