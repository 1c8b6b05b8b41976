//! Runs a script on an open connection.

use super::{
    link::Link,
    miss::Miss,
    unread::unread,
    wait::{Soon, early, farewell, hope, wait},
};
use crate::case::step::Step;
use tokio::time::Instant;

/// Runs all steps, up to the first that misses, and leaves.
pub(crate) async fn run(link: &mut Link, script: &[Step]) -> Result<(), Miss> {
    let outcome = steps(link, script).await;
    farewell(link).await;
    outcome
}

async fn steps(link: &mut Link, script: &[Step]) -> Result<(), Miss> {
    for step in script {
        match step {
            Step::Send(chunks, delivery) => link.send(chunks, *delivery).await,
            Step::Expect(expect, patience) => wait(link, expect, *patience).await?,
            Step::Hope(expect) => hope(link, expect).await?,
            Step::Early(codes) => match early(link, codes).await? {
                Soon::Failed => return Ok(()),
                Soon::Waits => {}
            },
            Step::Unread(frame, count) => unread(link, frame, *count).await?,
            Step::HalfClose => {
                let until = Instant::now() + link.pace().bound();
                link.pipe.shutdown(until).await;
            }
        }
    }
    link.lapse.take().map_or(Ok(()), Err)
}
