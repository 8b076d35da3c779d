// The dialog's style. An adopted sheet needs no permission of the page's CSP, and nothing of the page's own style comes in.

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{all:initial}
dialog{--sheet:#fff;--ink:#1d2130;--soft:#545a6b;--line:#e2dfd8;--edge:#858078;--main:#2b3a7c;--deep:#1f2b61;--on:#fff;--wash:#eceef8;--bad:#a3232c;--badwash:#fbe9e8;--good:#1d6b43;--focus:#c2740c;
font:16px/1.6 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",Meiryo,sans-serif;color:var(--ink);background:var(--sheet);color-scheme:light;
box-sizing:border-box;width:min(34rem,100% - 1.5rem);max-width:none;max-height:calc(100% - 1.5rem);overflow:auto;overscroll-behavior:contain;border:0;border-radius:14px;padding:0;box-shadow:0 12px 48px #1d213050;overflow-wrap:anywhere;text-align:start}
@media(prefers-color-scheme:dark){dialog{--sheet:#1c1f29;--ink:#eceae6;--soft:#aeb2bf;--line:#323644;--edge:#7b8090;--main:#a9b8ff;--deep:#c4ceff;--on:#14182e;--wash:#262b40;--bad:#ff9c96;--badwash:#3b2024;--good:#7fd3a3;--focus:#ffb454;color-scheme:dark}}
dialog::backdrop{background:#10132099}
dialog.wide{width:min(64rem,100% - 1.5rem);height:calc(100% - 1.5rem)}
*{box-sizing:border-box}
[hidden]{display:none!important}
h2,h3,p,ul,fieldset{margin:0}
h2{font-size:1.2rem;line-height:1.45;flex:1}
h3{font-size:1rem;line-height:1.5}
h2:focus,h3:focus{outline:none}
header{display:flex;gap:.75rem;align-items:start;padding:1.1rem .75rem .25rem 1.25rem}
main{display:grid;gap:1rem;padding:.25rem 1.25rem 1.25rem}
footer{display:flex;flex-wrap:wrap;gap:.25rem .5rem;justify-content:end;padding:.5rem .75rem;border-top:1px solid var(--line)}
.soft{color:var(--soft);font-size:.875rem}
button,.button{font:inherit;line-height:1.3;min-height:44px;padding:.4rem 1rem;border:1px solid var(--edge);border-radius:8px;background:var(--sheet);color:var(--ink);cursor:pointer;text-decoration:none;display:inline-flex;align-items:center;justify-content:center}
button:hover,.button:hover{background:var(--wash)}
.main{background:var(--main);color:var(--on);border-color:transparent;font-weight:600}
.main:hover{background:var(--deep)}
.quiet{border-color:transparent;background:none;color:var(--main);padding:.4rem .6rem;text-align:start}
.row>.quiet:first-child,.chosen .quiet{margin-inline-start:-.6rem}
.note ul{padding-inline-start:1.1rem}
.note .quiet{color:inherit;text-decoration:underline;padding:.2rem .3rem}
.close{flex:none;width:44px;padding:0;font-size:1.4rem;border-color:transparent;background:none;margin-top:-.4rem}
button[disabled]{opacity:.6;cursor:default}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.days{display:flex;gap:.5rem;overflow-x:auto;padding:4px;margin:-4px}
.days button{flex:none;white-space:nowrap}
.days [aria-pressed=true]{background:var(--main);color:var(--on);border-color:transparent;font-weight:600}
.times{display:grid;grid-template-columns:repeat(auto-fill,minmax(5.5rem,1fr));gap:.5rem;list-style:none;padding:0}
.times button{width:100%;font-variant-numeric:tabular-nums}
.times .near{border-color:var(--main);box-shadow:inset 0 0 0 1px var(--main);font-weight:600}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.75rem}
form{display:grid;gap:1rem}
fieldset{border:0;padding:0;min-width:0;display:grid;gap:.25rem}
legend{padding:0}
.field{display:grid;gap:.25rem;font-weight:600;align-content:start}
.field small{font-weight:400;color:var(--soft);font-size:.8125rem;margin-inline-start:.35rem}
.choice{display:flex;gap:.6rem;align-items:center;min-height:44px;font-weight:400}
.choice input{width:1.25rem;height:1.25rem;min-height:0;margin:0;accent-color:var(--main);flex:none}
input,select,textarea{font:inherit;font-size:16px;width:100%;min-height:44px;padding:.4rem .65rem;border:1px solid var(--edge);border-radius:8px;background:var(--sheet);color:var(--ink);font-weight:400}
textarea{min-height:6rem;resize:vertical}
[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.fault{color:var(--bad);font-size:.875rem;font-weight:400}
.note{padding:.7rem .9rem;border-radius:8px;background:var(--wash)}
.note.bad{background:var(--badwash);color:var(--bad)}
.chosen{padding:.7rem .9rem;border-radius:8px;background:var(--wash);display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;justify-content:space-between}
.chosen b{font-size:1.05rem}
iframe{width:100%;height:100%;min-height:60vh;border:0;display:block}
@media(max-width:24rem){header{padding-left:1rem}main{padding:.25rem 1rem 1rem}}
@media(prefers-reduced-motion:no-preference){dialog[open]{animation:in .18s ease-out}@keyframes in{from{opacity:0;transform:translateY(8px)}}}
`);

export { sheet };
