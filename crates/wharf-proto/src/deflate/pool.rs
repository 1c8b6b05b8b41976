//! Engines on loan: with `std` a few per thread, without it one per loan.

use super::{compressor::Compressor, engine::Inflater};
use alloc::boxed::Box;
use core::ops::{Deref, DerefMut};

/// An engine on loan; it goes back when this is dropped.
pub(super) struct Loan<E: Pooled>(Option<E>); // INVARIANT: Some until it is dropped

/// What can be lent. Two of a kind are interchangeable after a restart.
pub(super) trait Pooled: Sized {
    fn make() -> Self;
    fn take() -> Option<Self>;
    fn give_back(self);
}

impl<E: Pooled> Loan<E> {
    pub(super) fn take() -> Self {
        Self(Some(E::take().unwrap_or_else(E::make)))
    }
}

impl<E: Pooled> Deref for Loan<E> {
    type Target = E;

    fn deref(&self) -> &E {
        self.0.as_ref().expect("it is Some until it is dropped")
    }
}

impl<E: Pooled> DerefMut for Loan<E> {
    fn deref_mut(&mut self) -> &mut E {
        self.0.as_mut().expect("it is Some until it is dropped")
    }
}

impl<E: Pooled> Drop for Loan<E> {
    fn drop(&mut self) {
        if let Some(engine) = self.0.take() {
            engine.give_back();
        }
    }
}

impl Pooled for Inflater {
    fn make() -> Self {
        Self::new()
    }

    fn take() -> Option<Self> {
        shelf::take(&shelf::INFLATERS)
    }

    fn give_back(self) {
        shelf::put(&shelf::INFLATERS, self);
    }
}

impl Pooled for Box<Compressor> {
    fn make() -> Self {
        Self::new(Compressor::new())
    }

    fn take() -> Option<Self> {
        shelf::take(&shelf::COMPRESSORS)
    }

    fn give_back(self) {
        shelf::put(&shelf::COMPRESSORS, self);
    }
}

#[cfg(feature = "std")]
mod shelf {
    use super::{Compressor, Inflater};
    use alloc::{boxed::Box, vec::Vec};
    use core::cell::RefCell;
    use std::thread::LocalKey;

    /// Engines of each kind that a thread keeps; one beyond them is freed.
    const KEPT: usize = 4;

    pub(super) type Shelf<E> = LocalKey<RefCell<Vec<E>>>;

    std::thread_local! {
        pub(super) static INFLATERS: RefCell<Vec<Inflater>> = const { RefCell::new(Vec::new()) };
        pub(super) static COMPRESSORS: RefCell<Vec<Box<Compressor>>> = const { RefCell::new(Vec::new()) };
    }

    /// The engine that was put back last: it is the one still in the cache.
    pub(super) fn take<E>(shelf: &'static Shelf<E>) -> Option<E> {
        // A thread that is ending has no shelf any more.
        shelf.try_with(|shelf| shelf.borrow_mut().pop()).ok().flatten()
    }

    /// On a full shelf the engine that was used longest ago makes room.
    pub(super) fn put<E>(shelf: &'static Shelf<E>, engine: E) {
        let oldest = shelf.try_with(|shelf| {
            let mut shelf = shelf.borrow_mut();
            let oldest = (shelf.len() >= KEPT).then(|| shelf.remove(0));
            shelf.push(engine);
            oldest
        });
        drop(oldest);
    }
}

#[cfg(not(feature = "std"))]
mod shelf {
    use super::{Compressor, Inflater};
    use alloc::boxed::Box;
    use core::marker::PhantomData;

    pub(super) struct Shelf<E>(PhantomData<E>);

    pub(super) static INFLATERS: Shelf<fn() -> Inflater> = Shelf(PhantomData);
    pub(super) static COMPRESSORS: Shelf<fn() -> Box<Compressor>> = Shelf(PhantomData);

    pub(super) fn take<E>(_: &Shelf<fn() -> E>) -> Option<E> {
        None
    }

    pub(super) fn put<E>(_: &Shelf<fn() -> E>, engine: E) {
        drop(engine);
    }
}
