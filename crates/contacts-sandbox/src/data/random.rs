//! Random numbers from a seed: splitmix64 (Steele, Lea and Flood, 2014). No library promises the
//! same numbers for the same seed in every version.

#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not 0. Its bias is below 2^-32 for the limits used here.
    pub(crate) const fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * limit as u64) >> 32) as u32
    }

    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let length = u32::try_from(list.len()).unwrap_or(u32::MAX);
        &list[self.below(length) as usize]
    }

    /// An item, with a probability in proportion to its weight.
    pub(crate) fn pick_weighted<'a, T>(
        &mut self,
        list: &'a [T],
        weight: impl Fn(&T) -> u32,
    ) -> &'a T {
        let mut remaining = self.below(list.iter().map(&weight).sum());
        let chosen = list.iter().find(|item| {
            let weight = weight(item);
            let chosen = remaining < weight;
            remaining = remaining.saturating_sub(weight);
            chosen
        });
        chosen.unwrap_or(&list[0])
    }

    /// `true` with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let number = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        number < probability
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    /// The first numbers of the published algorithm.
    #[test]
    fn a_seed_gives_the_published_numbers() {
        let mut random = Random::new(1_234_567);
        let numbers = [random.next(), random.next(), random.next()];
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn certain_and_impossible_chances() {
        let mut random = Random::new(7);
        assert!((0..1000).all(|_| random.chance(1.0)));
        assert!((0..1000).all(|_| !random.chance(0.0)));
        assert!((0..1000).all(|_| random.below(3) < 3));
    }
}
