//! Builds by programs that build everything each time, left out where the products are still what the sources make.
//!
//! A digest of sources and products is kept, not their times: a checkout sets times, and other programs write the same folders.

use anyhow::Context;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

/// Runs `make` unless it ran for these sources and its products are as it left them. Both are files or folders of the project.
pub(crate) fn make(
    root: &Path,
    name: &str,
    sources: &[impl AsRef<Path>],
    products: &[impl AsRef<Path>],
    make: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let notes = root.join("target/fresh");
    let note = notes.join(name.replace(' ', "-"));
    let made_of = digest(root, sources).with_context(|| format!("{name}: a source can't be read"))?;
    let now = || digest(root, products).map(|products| format!("{made_of:016x} {products:016x}"));
    if let (Ok(before), Ok(now)) = (fs::read_to_string(&note), now())
        && before == now
    {
        return Ok(());
    }
    make()?;
    fs::create_dir_all(&notes)?;
    fs::write(note, now().with_context(|| format!("{name}: it was not made"))?)?;
    Ok(())
}

/// The digest of files and of all that is in folders. A path that leads nowhere is an error.
fn digest(root: &Path, paths: &[impl AsRef<Path>]) -> std::io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(&mut hasher, &root.join(path))?;
    }
    Ok(hasher.finish())
}

fn add(hasher: &mut DefaultHasher, path: &Path) -> std::io::Result<()> {
    path.hash(hasher);
    if !path.is_dir() {
        fs::read(path)?.hash(hasher);
        return Ok(());
    }
    let entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let mut entries = entries.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(hasher, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;
    use std::path::PathBuf;

    /// Makes `product` a copy of what `sources` has; says whether it was made.
    fn is_made(root: &Path) -> bool {
        let mut is_made = false;
        make(root, "a copy", &["sources"], &["product"], || {
            is_made = true;
            fs::copy(root.join("sources/a"), root.join("product"))?;
            Ok(())
        })
        .unwrap();
        is_made
    }

    fn folder(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("agentuser-fresh-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("sources")).unwrap();
        fs::write(root.join("sources/a"), "1").unwrap();
        root
    }

    #[test]
    fn what_is_there_and_fresh_is_not_made_again() {
        let root = folder("once");
        assert!(is_made(&root) && !is_made(&root));
        fs::write(root.join("sources/b"), "a new source").unwrap();
        assert!(is_made(&root) && !is_made(&root));
        fs::write(root.join("product"), "of another program").unwrap();
        assert!(is_made(&root) && !is_made(&root));
        fs::remove_file(root.join("product")).unwrap();
        assert!(is_made(&root) && !is_made(&root));
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_failed_is_made_again() {
        let root = folder("failed");
        fs::write(root.join("product"), "half").unwrap();
        let fails = || make(&root, "a copy", &["sources"], &["product"], || bail!("the disk is full"));
        assert_eq!(fails().unwrap_err().to_string(), "the disk is full");
        assert!(is_made(&root));
        let nothing = make(&root, "nothing", &["sources"], &["missing"], || Ok(()));
        assert!(nothing.unwrap_err().to_string().contains("not made"));
        fs::remove_dir_all(root).unwrap();
    }
}
