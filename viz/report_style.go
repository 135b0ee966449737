package viz

import "html/template"

// reportStyle is the style sheet of a report. Fragments carry the inline styles
// they need; this adds the page around them and the colours of its scheme.
const reportStyle template.CSS = `
:root{color-scheme:light dark;--ground:#fdfdfc;--ink:#1d2126;--soft:#5b636d;--line:#dcdfe3;--accent:#2b64b5;--up:#0d7550;--down:#b3303d;--same:#626a73;--partly:#8a5a06}
@media (prefers-color-scheme:dark){:root{--ground:#14171b;--ink:#e4e7ea;--soft:#9aa3ad;--line:#30363d;--accent:#7fb0f5;--up:#4cc394;--down:#ff7b85;--same:#9aa3ad;--partly:#e0a94a}}
*{box-sizing:border-box}
html{font-size:16px;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 -apple-system,BlinkMacSystemFont,"Segoe UI","Helvetica Neue",Arial,"Liberation Sans",sans-serif}
.viz-head,.viz-body,.viz-foot{max-width:1240px;margin:0 auto;padding:0 28px}
.viz-head{padding-top:44px;padding-bottom:6px}
h1,h2{font-family:Charter,"Iowan Old Style","Source Serif 4","Palatino Linotype",Georgia,"Liberation Serif",serif;font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:34px;margin:0;letter-spacing:-.01em}
h2{font-size:22px;margin:0 0 8px}
.viz-subtitle{color:var(--soft);font-size:17px;margin:8px 0 0;max-width:70ch}
.viz-body{display:grid;grid-template-columns:minmax(0,1fr);gap:0 48px}
main{min-width:0}
section{margin:36px 0 0;padding:22px 0 0;border-top:1px solid var(--line)}
section.viz-lead{border-top:0;margin-top:8px}
.viz-sectionlead,.viz-subtitle,p,li{text-wrap:pretty}
.viz-sectionlead{color:var(--soft);max-width:72ch;margin:0 0 18px}
a{color:var(--accent);text-underline-offset:2px}
.viz-toc{font-size:13.5px;padding-top:22px}
.viz-toc ol{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px}
.viz-toc a{color:var(--soft);text-decoration:none}
.viz-toc a:hover{color:var(--accent);text-decoration:underline}
@media (min-width:1120px){
.viz-contents .viz-body{grid-template-columns:150px minmax(0,1fr)}
.viz-toc ol{display:block;position:sticky;top:28px;border-left:1px solid var(--line)}
.viz-toc li{margin:0;padding:3px 0 3px 14px;line-height:1.35}
.viz-contents .viz-head,.viz-contents .viz-foot{padding-left:226px}
}
figure{max-width:100%}
figcaption,.viz-tablenote,.viz-title+.viz-prose{color:var(--soft);opacity:1!important}
.viz svg.viz-plot{display:block;max-width:100%;height:auto;min-width:440px;font-family:inherit}
.viz-table,.viz-predictions,.viz-stat-value,.viz-progress{font-variant-numeric:tabular-nums lining-nums}
.viz-table tbody tr:hover{background:color-mix(in srgb,var(--ink) 5%,transparent)!important}
.viz-up{color:var(--up)!important}
.viz-down{color:var(--down)!important}
.viz-same{color:var(--same)!important}
.viz-partly{color:var(--partly)!important}
.viz-stat-value{font-weight:600;letter-spacing:-.01em}
.viz-stats{display:flex;flex-wrap:wrap;gap:10px 40px}
.viz-stats>*,.viz-cards>*{margin-right:0!important}
.viz-row{display:flex;flex-wrap:wrap;gap:0 32px}
.viz-col{margin:0!important;flex:1 1 400px;min-width:0}
.viz-cards{display:flex;flex-wrap:wrap;gap:6px 36px}
summary{cursor:pointer;color:var(--accent);font-size:14px}
summary:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.viz-foot{margin-top:44px;padding-bottom:48px;color:var(--soft);font-size:13px}
.viz-foot .viz-facts th{opacity:1!important}
.viz-foot h2{font-size:15px;border-top:1px solid var(--line);padding-top:16px}
@media (max-width:640px){.viz-head,.viz-body,.viz-foot{padding-left:16px;padding-right:16px}.viz-head{padding-top:26px}h1{font-size:26px}}
@media print{
:root{--ground:#fff;--ink:#000;--soft:#444;--line:#bbb;--accent:#000;--up:#0d7550;--down:#b3303d;--same:#555;--partly:#8a5a06;color-scheme:light}
body{font-size:10.5pt}
.viz-toc{display:none}
.viz-body{display:block}
.viz-head,.viz-body,.viz-foot{max-width:none;padding-left:0!important;padding-right:0}
section{break-before:auto}
figure,table,.viz-card,.viz-callout,.viz-stat{break-inside:avoid}
h2{break-after:avoid}
.viz-scroll{overflow:visible!important}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`
