//! The code blocks of a page.

use anyhow::Context as _;
use serde_json::Value;
use std::path::Path;

/// A page of docs.
pub(super) struct Page {
    name: &'static str,
    text: String,
}

impl Page {
    pub(super) fn read(root: &Path, name: &'static str) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(root.join(name)).with_context(|| name.to_owned())?;
        Ok(Self { name, text: text.replace("\r\n", "\n") })
    }

    /// The texts of its blocks in this language, in their order, moved to the margin.
    pub(super) fn blocks(&self, language: &str) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            if line.trim_start().strip_prefix("```") != Some(language) {
                continue;
            }
            let block = lines.by_ref().take_while(|line| line.trim() != "```");
            let block = block.map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n");
            blocks.push(block.collect());
        }
        blocks
    }

    /// Its only block in this language that has the text.
    pub(super) fn block(&self, language: &str, with: &str) -> anyhow::Result<String> {
        let blocks = self.blocks(language);
        let mut found = blocks.into_iter().filter(|block| block.contains(with));
        let missing = || format!("{} has no block of {language} with {with:?}", self.name);
        let block = found.next().with_context(missing)?;
        anyhow::ensure!(found.next().is_none(), "{} has two blocks of {language} with {with:?}", self.name);
        Ok(block)
    }

    /// Its block of YAML that has the text, as JSON: the documents of the block.
    pub(super) fn yaml(&self, with: &str) -> anyhow::Result<Vec<Value>> {
        let text = self.block("yaml", with)?;
        serde_saphyr::from_multiple(&text).with_context(|| format!("{}: the block with {with:?}", self.name))
    }

    /// The federated identity credential that it shows.
    pub(super) fn federated_credential(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.block("json", "\"issuer\"")?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_wherever_they_are_indented() {
        let text = "a\n```sh\nb\n  c\n```\n1. d\n\n   ```json\n   {\n     \"e\": 1\n   }\n   ```\n\n```yaml\nx: 1\n---\ny: 2\n```\n";
        let page = Page { name: "page", text: text.to_owned() };
        assert_eq!(page.blocks("sh"), ["b\n  c\n"]);
        assert_eq!(page.block("json", "e").unwrap(), "{\n  \"e\": 1\n}\n");
        assert_eq!(page.yaml("x").unwrap(), [serde_json::json!({"x": 1}), serde_json::json!({"y": 2})]);
        assert!(page.block("sh", "nothing").is_err());
        assert!(page.block("powershell", "").is_err());
    }
}
