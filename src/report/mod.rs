//! Floor 2: pictures: findings, exchanges and verdicts as text, JSON, Markdown, HTML. Pure functions to strings.
