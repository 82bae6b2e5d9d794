use std::collections::VecDeque;

/// The latest entries, numbered from 1.
#[derive(Debug)]
pub(crate) struct RingBuffer<T> {
    entries: VecDeque<T>,
    count: u64,
    /// The number of the last entry that was restored.
    restored: u64,
}

impl<T> RingBuffer<T> {
    /// Older entries are dropped.
    pub(crate) const CAPACITY: usize = 100_000;

    pub(crate) const fn new() -> Self {
        Self {
            entries: VecDeque::new(),
            count: 0,
            restored: 0,
        }
    }

    /// Adds the entry that is made from its number.
    pub(crate) fn push(&mut self, entry: impl FnOnce(u64) -> T) {
        let number = self.count.saturating_add(1);
        self.push_numbered(number, entry(number));
    }

    /// Adds an entry of a snapshot, which has a number already.
    pub(crate) fn restore(&mut self, number: u64, entry: T) {
        self.push_numbered(number, entry);
        self.restored = number;
    }

    fn push_numbered(&mut self, number: u64, entry: T) {
        if self.entries.len() == Self::CAPACITY {
            self.entries.pop_front();
        }
        self.count = number;
        self.entries.push_back(entry);
    }

    /// The number of entries ever added.
    pub(crate) const fn count(&self) -> u64 {
        self.count
    }

    /// Oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.entries.iter()
    }

    /// The entries that were not restored, whose times are therefore those of this sandbox.
    pub(crate) fn own(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.after(self.restored)
    }

    /// The entries with a higher number than this.
    pub(crate) fn after(&self, number: u64) -> impl DoubleEndedIterator<Item = &T> {
        let dropped = self.count.saturating_sub(self.entries.len() as u64);
        let skipped = usize::try_from(number.saturating_sub(dropped)).unwrap_or(usize::MAX);
        self.entries.iter().skip(skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_are_dropped_and_numbering_continues() {
        let mut buffer = RingBuffer::new();
        for _ in 0..RingBuffer::<u64>::CAPACITY + 5 {
            buffer.push(|number| number);
        }
        assert_eq!(buffer.iter().len(), RingBuffer::<u64>::CAPACITY);
        assert_eq!(buffer.iter().next(), Some(&6));
        assert_eq!(buffer.count(), 100_005);
        assert_eq!(buffer.after(2).next(), Some(&6));
        assert_eq!(buffer.after(100_004).collect::<Vec<_>>(), [&100_005]);
        assert_eq!(buffer.after(u64::MAX).next(), None);
    }
}
