# .husky/pre-commit, https://typicode.github.io/husky
# The whole folder is checked, as it lies on disk: stash what you do not commit.
rakscan check
