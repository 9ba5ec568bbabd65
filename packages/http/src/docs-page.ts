import type { OpenApi, OpenApiOperation } from './openapi.ts';

/** The OpenAPI document as a page: whole in itself, without a script, and with nothing that is fetched from elsewhere. */
export function docsPage(document: OpenApi): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const sections = groups.map(group => {
    const own = operations.filter(({ operation }) => operation.tags.includes(group));
    return `<h2>${escapeHtml(group)}</h2>\n${own.map(toArticle).join('\n')}`;
  });
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(description)} <a href="openapi.json">openapi.json</a></p>
${sections.join('\n')}
</body></html>
`;
}

type Entry = Readonly<{ path: string; method: string; operation: OpenApiOperation }>;

function toArticle({ path, method, operation }: Entry): string {
  const { operationId, summary, description, parameters, requestBody, responses } = operation;
  const listed = parameters.map(
    parameter =>
      `<li><code>${escapeHtml(parameter.name)}</code> (${parameter.in}): ${escapeHtml(parameter.description ?? '')}</li>`,
  );
  const answers = Object.entries(responses).map(
    ([status, answer]) => `<li><code>${status}</code>: ${escapeHtml(answer.description ?? 'a problem')}</li>`,
  );
  return `<article id="${escapeHtml(operationId)}">
<h3><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(summary)}. ${escapeHtml(description)}</p>
${listed.length === 0 ? '' : `<ul>${listed.join('')}</ul>`}
${requestBody === undefined ? '' : toDetails('Body', requestBody)}
<ul>${answers.join('')}</ul>
${toDetails('Answers', responses)}
</article>`;
}

function toDetails(name: string, value: unknown): string {
  return `<details><summary>${name}</summary><pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre></details>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, sign => ENTITIES[sign] ?? sign);
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
article{border-top:1px solid #ccc;padding:.5rem 0}h3{margin:.5rem 0;font-size:1rem}
pre{background:#f4f4f4;padding:.5rem;overflow:auto;font-size:.8rem}summary{cursor:pointer}`;
