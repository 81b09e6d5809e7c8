//! Values that are made only when somebody asks for them.

use std::{
    fmt,
    ops::Deref,
    sync::{Arc, LazyLock},
};

type Make<T> = Box<dyn FnOnce() -> T + Send + Sync>;

/// A value that is made when it is first looked at, and kept; clones share it.
///
/// Most runs look at few parts of the rule table: a PHP plugin needs nothing of the Python SDK.
pub struct Later<T>(Arc<LazyLock<T, Make<T>>>);

impl<T> Later<T> {
    /// Promises the value that `make` returns.
    pub fn new(make: impl FnOnce() -> T + Send + Sync + 'static) -> Self {
        Self(Arc::new(LazyLock::new(Box::new(make))))
    }
}

impl<T: Clone + Send + Sync + 'static> Later<T> {
    /// Lets the value be changed; clones keep what they have.
    ///
    /// # Panics
    ///
    /// Panics where making the value did.
    pub fn make_mut(&mut self) -> &mut T {
        if Arc::get_mut(&mut self.0).is_none() {
            *self = T::clone(self).into();
        }
        let own = Arc::get_mut(&mut self.0);
        LazyLock::force_mut(own.expect("a new value has no clones"))
    }
}

impl<T: Send + Sync + 'static> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self::new(move || value)
    }
}

impl<T: Default + Send + Sync + 'static> Default for Later<T> {
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn the_value_is_made_once_and_shared_by_clones() {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let later = Later::new(|| MADE.fetch_add(1, Ordering::Relaxed) + 1);
        let clone = later.clone();
        assert_eq!(MADE.load(Ordering::Relaxed), 0);
        assert_eq!((*later, *clone), (1, 1));
        assert_eq!(MADE.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_change_is_not_seen_by_clones() {
        let mut later = Later::new(|| vec![1]);
        let clone = later.clone();
        later.make_mut().push(2);
        later.make_mut().push(3);
        assert_eq!((&**later, &**clone), (&[1, 2, 3][..], &[1][..]));
    }
}
