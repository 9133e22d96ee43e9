// Beside the text there is room for the contents.
if (matchMedia("(min-width: 64rem)").matches) for (const contents of all(".toc details")) contents.open = true;
