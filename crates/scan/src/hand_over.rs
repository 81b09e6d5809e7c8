//! Hands units over to whoever asked for the scan.
//!
//! What has nothing to read is held back until something has: where nothing has, that is all there is to
//! say.

use std::{ops::ControlFlow, rc::Rc};

use model::manifest::{Among, Manifest};

use crate::{Outcome, run::Finished, spot::Spotted, target::Target};

/// Is handed each unit that counts, with what it was found as where it was scanned.
pub(crate) type Take<'a> = dyn FnMut(Option<&Target>, Outcome) -> ControlFlow<()> + 'a;

/// Between those who scan and whoever takes the result.
pub(crate) struct HandOver<'a, 't> {
    are_several: bool,
    take: &'a mut Take<'t>,
    held: Vec<(Rc<Target>, Manifest)>,
    /// Whether anything could be read so far.
    pub(crate) has_source: bool,
}

impl<'a, 't> HandOver<'a, 't> {
    /// Begins with the first of the units, of which there may be several.
    pub(crate) fn new(are_several: bool, take: &'a mut Take<'t>) -> Self {
        Self {
            are_several,
            take,
            held: Vec::new(),
            has_source: false,
        }
    }

    /// Hands over what came of a place, and tells whether more is wanted.
    pub(crate) fn finished(&mut self, spot: &Spotted, finished: Finished) -> ControlFlow<()> {
        let (target, scanned) = match finished {
            Finished::Unchanged => {
                self.has_source = true;
                self.held()?;
                return (self.take)(None, Outcome::Unchanged(spot.folder()));
            }
            Finished::Scanned(target, scanned) => (Rc::new(*target), scanned),
        };
        for unit in scanned {
            self.has_source |= unit.has_source;
            if unit.counts {
                let among = self.among(spot, &unit.manifest);
                let manifest = Manifest {
                    among,
                    ..unit.manifest
                };
                self.held.push((Rc::clone(&target), manifest));
            }
        }
        if self.has_source {
            self.held()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn held(&mut self) -> ControlFlow<()> {
        for (target, manifest) in self.held.drain(..) {
            (self.take)(Some(&target), Outcome::Scanned(Box::new(manifest)))?;
        }
        ControlFlow::Continue(())
    }

    /// Says where a unit lies among the others; `None` where it is the only one.
    fn among(&self, spot: &Spotted, manifest: &Manifest) -> Option<Among> {
        let fingerprint = manifest.among.as_ref();
        let fingerprint = fingerprint.and_then(|among| among.fingerprint.clone());
        // One of several units in an archive has a name there.
        let inner = manifest.among.as_ref().map_or("", |among| &among.folder);
        let folder = match inner {
            "" => spot.folder(),
            inner => format!("{}/{inner}", spot.folder()).into(),
        };
        let is_one_of_several = self.are_several || !inner.is_empty();
        (is_one_of_several || fingerprint.is_some()).then_some(Among {
            folder,
            fingerprint,
        })
    }
}
