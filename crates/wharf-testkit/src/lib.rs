//! For wharf's own tests: two connections in virtual time over pipes that misbehave, raw frames, a transport
//! that follows a script, strategies, ports that last.
#![forbid(unsafe_code)]

mod cuts;
mod endpoint;
mod pair;
mod pipe;
mod port;
mod random;
mod script_io;
mod strategies;
mod wire;

pub use cuts::{byte_by_byte, every_two_cut, pieces, random_cuts};
pub use endpoint::{Endpoint, Got, Writes};
pub use pair::{Pair, Side};
pub use pipe::{Arrival, Pipe, Weather};
pub use port::lasting_port;
pub use random::Random;
pub use script_io::{Read, ScriptHandle, ScriptIo, Slices, Step, Write, drop_after};
pub use strategies::{cuts, messages, mutated_stream, valid_stream};
pub use wire::{Frame, Length, join, opcode, read_frame, read_frames};
