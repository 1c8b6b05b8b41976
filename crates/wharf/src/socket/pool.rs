//! Buffers of the thread, leased while they hold bytes: an idle connection owns none.

use std::cell::RefCell;

/// One read takes at most this much.
const READ: usize = 64 << 10;

/// Storage to write into has this much at first.
const WRITE: usize = 4 << 10;

/// Storage that grew beyond this is not kept.
const WRITE_MOST: usize = 128 << 10;

/// Buffers that one thread keeps of each kind; more are freed.
const KEPT: usize = 8;

thread_local! {
    static READS: RefCell<Vec<Box<[u8]>>> = const { RefCell::new(Vec::new()) };
    static WRITES: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

pub(crate) fn take_read() -> Box<[u8]> {
    READS.with_borrow_mut(Vec::pop).unwrap_or_else(|| vec![0; READ].into_boxed_slice())
}

/// Whether it is a buffer of the pool's.
pub(crate) const fn is_read(buffer: &[u8]) -> bool {
    buffer.len() == READ
}

pub(crate) fn give_read(buffer: Box<[u8]>) {
    if is_read(&buffer) {
        READS.with_borrow_mut(|kept| keep(kept, buffer));
    }
}

pub(crate) fn take_write() -> Vec<u8> {
    WRITES.with_borrow_mut(Vec::pop).unwrap_or_else(|| Vec::with_capacity(WRITE))
}

pub(crate) fn give_write(storage: Vec<u8>) {
    if (WRITE..=WRITE_MOST).contains(&storage.capacity()) {
        WRITES.with_borrow_mut(|kept| keep(kept, storage));
    }
}

fn keep<T>(kept: &mut Vec<T>, buffer: T) {
    if kept.len() < KEPT {
        kept.push(buffer);
    }
}
