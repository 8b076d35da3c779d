// The inspector's style; an adopted sheet needs no permission of the page's CSP.

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{all:initial}
section{--sheet:#fff;--ink:#1d2130;--soft:#545a6b;--line:#e2dfd8;--edge:#858078;--main:#2b3a7c;--on:#fff;--wash:#eceef8;--bad:#a3232c;--good:#1d6b43;--focus:#c2740c;
font:15px/1.6 system-ui,-apple-system,"Segoe UI","Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",Meiryo,sans-serif;color:var(--ink);background:var(--sheet);color-scheme:light;
position:fixed;z-index:2147483647;right:.75rem;bottom:.75rem;width:min(25rem,100vw - 1.5rem);max-height:min(44rem,75vh);display:flex;flex-direction:column;border:1px solid var(--edge);border-radius:12px;box-shadow:0 8px 32px #1d213040;overflow-wrap:anywhere;text-align:start}
@media(prefers-color-scheme:dark){section{--sheet:#1c1f29;--ink:#eceae6;--soft:#aeb2bf;--line:#323644;--edge:#7b8090;--main:#a9b8ff;--on:#14182e;--wash:#262b40;--bad:#ff9c96;--good:#7fd3a3;--focus:#ffb454;color-scheme:dark}}
@media(max-width:40rem){section{inset:auto 0 0;width:auto;max-height:60vh;border-radius:12px 12px 0 0}}
*{box-sizing:border-box}
[hidden]{display:none!important}
h2,h3,p,ul{margin:0}
h2{font-size:1rem;flex:1}
h3{font-size:.95rem}
h2:focus,h3:focus{outline:none}
header{display:flex;gap:.25rem;align-items:center;padding:.25rem .25rem .25rem 1rem;border-bottom:1px solid var(--line)}
.body{overflow:auto;overscroll-behavior:contain;padding:.5rem 1rem 1rem;display:grid;gap:.75rem}
.main,form{display:grid;gap:.75rem}
[role=status]:empty{display:none}
.part{color:var(--soft);font-size:.85rem}
.soft,small{color:var(--soft);font-size:.85rem}
.bad{color:var(--bad)}
.good p{color:var(--good);font-weight:600}
.cards{list-style:none;padding:0;display:grid;gap:.5rem}
.cards li{border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;display:grid;gap:.25rem}
.cards button{justify-self:start}
button{font:inherit;line-height:1.3;min-height:44px;padding:.4rem 1rem;border:1px solid var(--edge);border-radius:8px;background:var(--sheet);color:var(--ink);cursor:pointer}
button:hover{background:var(--wash)}
button[disabled]{opacity:.6;cursor:default}
button[aria-pressed=true],.first,.first:hover{background:var(--main);color:var(--on);border-color:transparent;font-weight:600}
.quiet,.close{border-color:transparent;background:none}
.close{width:44px;padding:0;font-size:1.3rem}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.row{display:flex;flex-wrap:wrap;gap:.5rem}
.field{display:grid;gap:.25rem}
label{font-weight:600}
label small{font-weight:400;display:block}
input,select{font:inherit;font-size:16px;width:100%;min-height:44px;padding:.4rem .65rem;border:1px solid var(--edge);border-radius:8px;background:var(--sheet);color:var(--ink)}
.log{display:grid;gap:.4rem;max-height:16rem;overflow:auto;border:1px solid var(--line);border-radius:8px;padding:.5rem .7rem;font-size:.875rem}
.log>div{display:grid;grid-template-columns:auto 1fr;gap:.6rem}
.log time{color:var(--soft);font-variant-numeric:tabular-nums}
.log small{display:block;font-weight:400}
`);
