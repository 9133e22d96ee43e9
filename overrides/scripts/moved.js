// A heading that went to another page: whoever asks for it at its old place is taken there. Without a script the line that stands there leads there.
for (const link of all("p.moved > a")) if (`#${encodeURI(link.parentElement.id)}` === location.hash) location.replace(link.href);
