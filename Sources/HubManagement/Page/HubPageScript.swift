/// What the page does. Whatever comes from the hub becomes text, never markup.
enum HubPageScript {
    static let text = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        const SVG = "http://www.w3.org/2000/svg", POINTS = 60;
        let paused = false, view = null, plan = {rules: []}, report = {rules: []}, off = new Map(), openKey = null, inside = null;
        const history = new Map();
        function el(tag, options = {}, ...children) {
          const node = document.createElement(tag);
          for (const [key, value] of Object.entries(options)) {
            if (key === "class") node.className = value; else if (key === "text") node.textContent = value;
            else if (key.startsWith("on")) node.addEventListener(key.slice(2), value); else node.setAttribute(key, value);
          }
          node.append(...children); return node;
        }
        const whole = new Intl.NumberFormat("en"), rate = new Intl.NumberFormat("en", {maximumFractionDigits: 1});
        const visible = text => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, c => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
        async function call(method, path, body) {
          const response = await fetch(path, {method, headers: body === undefined ? {} : {"Content-Type": "application/json"}, body: body === undefined ? undefined : JSON.stringify(body)});
          const text = await response.text(), json = text ? JSON.parse(text) : null;
          if (!response.ok) throw Object.assign(new Error(json?.error?.message || response.statusText), {details: json?.error?.details});
          return json;
        }
        function remember(key, ...values) {
          const past = history.get(key) || {series: values.map(() => []), seen: 0};
          values.forEach((value, i) => { past.series[i].push(value); if (past.series[i].length > POINTS) past.series[i].shift(); });
          past.seen = Date.now(); history.set(key, past); return past.series;
        }
        function forget() { for (const [key, past] of history) if (Date.now() - past.seen > 120000) history.delete(key); }
        function spark(series, classes, label) {
          const svg = document.createElementNS(SVG, "svg");
          svg.setAttribute("viewBox", "0 0 " + (POINTS - 1) + " 20"); svg.setAttribute("preserveAspectRatio", "none");
          svg.setAttribute("class", "spark"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", label);
          const top = Math.max(1, ...series.flat());
          series.forEach((values, i) => {
            const at = (v, x) => (POINTS - values.length + x) + "," + (19 - v / top * 18).toFixed(2);
            const points = values.map(at).join(" ");
            if (i === 0 && values.length > 1) { const area = document.createElementNS(SVG, "polygon"); area.setAttribute("class", "area"); area.setAttribute("points", (POINTS - values.length) + ",20 " + points + " " + (POINTS - 1) + ",20"); svg.append(area); }
            const line = document.createElementNS(SVG, "polyline"); line.setAttribute("class", classes[i]); line.setAttribute("points", points); svg.append(line);
          });
          return svg;
        }
        const number = (value, label, format = whole) => el("td", {class: "n" + (value ? "" : " zero"), "data-k": label, text: format.format(value)});
        const chip = (text, kind = "") => el("span", {class: "chip " + kind, text});
        const place = item => item.vhost === "/" ? "" : " in " + visible(item.vhost);
        // Rows are kept by key and only changed, so that focus and selection stay where they are.
        function fill(tableId, items, key, cells, extra) {
          const body = $(tableId).tBodies[0], old = new Map([...body.querySelectorAll("tr.line")].map(row => [row.dataset.key, row]));
          const focused = document.activeElement, focusKey = focused?.closest?.("tr.line")?.dataset.key, focusIndex = focused?.dataset?.focus;
          const rows = items.flatMap(item => {
            const row = old.get(key(item)) || el("tr", {class: "line"});
            row.dataset.key = key(item); row.replaceChildren(...cells(item));
            return [row, ...(extra ? extra(item) : [])];
          });
          body.replaceChildren(...rows);
          if (focusKey !== undefined && focusIndex) [...body.querySelectorAll("tr.line")].find(row => row.dataset.key === focusKey)?.querySelector("[data-focus=" + focusIndex + "]")?.focus({preventScroll: true});
          const empty = $(tableId).parentElement.querySelector(".empty");
          if (empty) { empty.hidden = items.length > 0; $(tableId).hidden = items.length === 0; }
        }
        const count = (id, shown, all) => { $(id).textContent = shown < all ? whole.format(shown) + " of " + whole.format(all) : whole.format(all); };
        function tiles() {
          const t = view.totals, r = view.rates;
          const list = [["Ready", t.ready, remember("t:ready", t.ready), ["in"]], ["Unacknowledged", t.unacked, remember("t:unacked", t.unacked), ["in"]],
            ["Published /s", r.publish, remember("t:in", r.publish), ["in"]], ["Delivered /s", r.deliver, remember("t:out", r.deliver), ["out"]],
            ["Acknowledged /s", r.ack, remember("t:ack", r.ack), ["out"]], ["Consumers", t.consumers, remember("t:consumers", t.consumers), ["in"]]];
          $("tiles").replaceChildren(...list.map(([name, value, series, classes]) => el("div", {class: "tile"}, el("div", {class: "k", text: name}), el("div", {class: "v", text: rate.format(value)}), spark(series, classes, name + ", last minute"))));
        }
        const wanted = item => visible(item.name || "(default)").toLowerCase().includes($("filter").value.trim().toLowerCase());
        function queues() {
          for (const q of view.queues) q.series = remember("q:" + q.vhost + "\n" + q.name, q.publish_rate, q.deliver_rate);
          const shown = view.queues.filter(wanted);
          count("queues-count", shown.length, view.totals.queues);
          fill("queues-table", shown, q => q.vhost + "\n" + q.name, q => {
            const isOpen = openKey === q.vhost + "\n" + q.name;
            const kinds = [q.durable && chip("durable", "main"), q.auto_delete && chip("auto-delete"), q.exclusive && chip("exclusive"), ...Object.keys(q.arguments).slice(0, 8).map(name => { const c = chip(visible(name)); c.title = visible(name + " = " + JSON.stringify(q.arguments[name])); return c; })].filter(Boolean);
            return [
              el("td", {class: "name"}, el("button", {class: "open", type: "button", "data-focus": "open", "aria-expanded": String(isOpen), onclick: () => toggle(q)}, el("span", {}, el("span", {class: "strong", text: visible(q.name)}), el("span", {class: "muted", text: place(q)})))),
              el("td", {class: "kind"}, ...kinds), number(q.ready, "Ready"), number(q.unacknowledged, "Unacked"), number(q.consumers, "Consumers"),
              number(q.publish_rate, "In /s", rate), number(q.deliver_rate, "Out /s", rate),
              el("td", {class: "chart"}, spark(q.series, ["in", "out"], "in and out, last minute"))];
          }, q => openKey === q.vhost + "\n" + q.name ? [insideRow(q)] : []);
        }
        function toggle(q) {
          const key = q.vhost + "\n" + q.name;
          openKey = openKey === key ? null : key; inside = null; queues();
          if (openKey) lookInside();
        }
        async function lookInside() {
          const key = openKey; if (!key) return;
          const path = "/_sim/hub/queues/" + key.split("\n").map(encodeURIComponent).join("/");
          try {
            const [ready, held] = await Promise.all([call("GET", path + "/messages?limit=5"), call("GET", path + "/unacked?limit=10")]);
            if (openKey === key) { inside = {ready: ready.messages, held: held.messages}; }
          } catch (error) { if (openKey === key) inside = {problem: error.message}; }
          if (view) queues();
        }
        function insideRow(q) {
          const cell = el("td", {colspan: "8"});
          const bindings = view.bindings.filter(b => b.destination_type === "queue" && b.destination === q.name && b.vhost === q.vhost);
          const list = (title, items) => { cell.append(el("h3", {text: title})); cell.append(items.length ? el("ul", {}, ...items) : el("span", {class: "muted", text: "none"})); };
          list("Bindings", bindings.map(b => el("li", {class: "mono", text: visible(b.exchange) + "  ·  " + (b.routing_key ? visible(b.routing_key) : "(no key)") + (Object.keys(b.arguments).length ? "  " + visible(JSON.stringify(b.arguments)) : "")})));
          if (!inside) cell.append(el("p", {class: "muted", text: "looking …"}));
          else if (inside.problem) cell.append(el("p", {class: "errors", text: inside.problem}));
          else {
            list("Held unacknowledged", inside.held.map(m => el("li", {}, chip("held " + rate.format(m.holder.held_ms / 1000) + " s", "warn"), el("span", {class: "mono", text: visible(m.holder.connection + ", channel " + m.holder.channel + ", " + (m.holder.consumer_tag || "basic.get"))}), el("pre", {class: "mono", text: body(m)}))));
            list("Next to be delivered", inside.ready.map(m => el("li", {}, chip(visible(m.exchange || "default") + " · " + visible(m.routing_key)), m.redelivered ? chip("redelivered", "warn") : "", el("span", {class: "muted", text: whole.format(m.payload_bytes) + " bytes"}), el("pre", {class: "mono", text: body(m)}))));
          }
          return el("tr", {class: "inside"}, cell);
        }
        const body = m => m.payload_encoding === "string" ? m.payload.slice(0, 2000) : "base64: " + m.payload.slice(0, 400);
        function connections() {
          count("connections-count", view.connections.length, view.totals.connections);
          fill("connections-table", view.connections, c => String(c.id), c => [
            el("td", {class: "name"}, el("span", {class: "strong", text: visible(c.name)}), c.socket && c.socket !== c.name ? el("span", {class: "sub mono", text: c.socket}) : "", el("span", {class: "muted", text: place(c)})),
            el("td", {"data-k": "Client", text: visible([c.product, c.product_version].filter(Boolean).join(" ")) || "in this process"}), el("td", {"data-k": "User", text: visible(c.user)}),
            number(c.channels, "Channels"), number(c.consumers, "Consumers"), number(c.unacknowledged, "Unacked"),
            el("td", {"data-k": "State"}, c.blocked ? chip("blocked", "bad") : chip("running")),
            el("td", {class: "action n"}, el("button", {type: "button", class: "danger", "data-focus": "close", "aria-label": "Close connection " + visible(c.name), text: "Close", onclick: () => ask(c)}))]);
        }
        let asked = null;
        function ask(c) { asked = c.id; $("ask-text").textContent = "Close “" + visible(c.name) + "”? Its client is told 320 CONNECTION_FORCED; what it holds goes back to its queues."; $("ask").showModal(); }
        $("ask-no").addEventListener("click", () => $("ask").close());
        $("ask-yes").addEventListener("click", async () => { $("ask").close(); try { await call("DELETE", "/_sim/hub/connections/" + asked); } catch (error) { say(error.message); } refresh(); });
        function exchanges() {
          const own = view.exchanges.filter(e => !e.name.startsWith("amq.") && (e.name || e.published)), used = view.exchanges.filter(e => e.name.startsWith("amq.") && e.published);
          const shown = [...own, ...used].filter(wanted);
          count("exchanges-count", shown.length, view.totals.exchanges);
          fill("exchanges-table", shown, e => e.vhost + "\n" + e.name, e => [
            el("td", {class: "name"}, el("span", {class: e.name ? "strong" : "muted", text: visible(e.name) || "(default)"}), el("span", {class: "muted", text: place(e)})),
            el("td", {}, chip(e.type, "main"), e.durable ? "" : chip("transient"), e.internal ? chip("internal") : "", e.auto_delete ? chip("auto-delete") : ""),
            number(e.published, "Published"), number(e.publish_rate, "In /s", rate)]);
        }
        function bindings() {
          count("bindings-count", view.bindings.length, view.totals.bindings);
          fill("bindings-table", view.bindings, b => JSON.stringify(b), b => [
            el("td", {class: "name", text: visible(b.exchange)}),
            el("td", {class: "mono", text: (visible(b.routing_key) || "—") + (Object.keys(b.arguments).length ? " " + visible(JSON.stringify(b.arguments)) : "")}),
            el("td", {class: "name"}, el("span", {text: visible(b.destination)}), b.destination_type === "exchange" ? chip("exchange") : "")]);
        }
        function faults() {
          const byId = new Map(report.rules.map(r => [r.id, r]));
          const rules = [...plan.rules.map(rule => ({rule, on: true, seen: byId.get(rule.id) || {}})), ...[...off.values()].map(rule => ({rule, on: false, seen: {}}))];
          $("faults-count").textContent = plan.rules.length ? plan.rules.length + " armed" : "";
          $("disarm").hidden = !plan.rules.length;
          fill("faults-table", rules, r => r.rule.id, r => {
            const box = el("input", {type: "checkbox", role: "switch", "data-focus": "switch", "aria-label": "Rule " + visible(r.rule.id) + " is armed", onchange: () => flip(r)}); box.checked = r.on;
            const parameters = Object.entries(r.rule.fault).filter(([k]) => k !== "kind").map(([k, v]) => k + " " + v).join(", ");
            return [el("td", {}, el("span", {class: "switch"}, box)), el("td", {class: "name"}, el("span", {class: "strong", text: visible(r.rule.id)}), el("span", {class: "sub mono", text: visible(JSON.stringify(r.rule.match || {}))})),
              el("td", {}, chip(r.rule.fault.kind, r.seen.ended ? "" : "warn"), el("span", {class: "sub", text: visible(parameters)}), r.seen.ended ? chip("ended") : ""), number(r.seen.matched || 0, "Matched"), number(r.seen.fired || 0, "Fired")];
          });
        }
        async function flip(r) {
          const rules = r.on ? plan.rules.filter(rule => rule.id !== r.rule.id) : [...plan.rules, r.rule];
          try { await call("PUT", "/_sim/faults", {seed: plan.seed || 0, rules}); if (r.on) off.set(r.rule.id, r.rule); else off.delete(r.rule.id); } catch (error) { say(problems(error)); }
          refreshFaults();
        }
        const problems = error => (error.details?.errors || []).map(e => (e.loc || []).slice(1).join(".") + " " + e.msg).join("\n") || error.message;
        $("disarm").addEventListener("click", async () => { try { await call("DELETE", "/_sim/faults"); off.clear(); } catch (error) { say(error.message); } refreshFaults(); });
        $("arm").addEventListener("click", async () => {
          try { await call("PUT", "/_sim/faults", JSON.parse($("plan").value)); off.clear(); $("plan-errors").textContent = ""; } catch (error) { $("plan-errors").textContent = problems(error); }
          refreshFaults();
        });
        async function refreshFaults() { try { [plan, report] = await Promise.all([call("GET", "/_sim/faults"), call("GET", "/_sim/faults/report")]); for (const rule of plan.rules) off.delete(rule.id); faults(); } catch (error) { say(error.message); } }
        function say(text, state) { $("status").textContent = text; $("dot").className = "dot " + (state || "lost"); }
        async function refresh() {
          try {
            view = await call("GET", "/_sim/hub/view");
            $("url").textContent = view.url.replace(/\/\/[^@/]*@/, "//") || "in this process only";
            tiles(); queues(); connections(); exchanges(); bindings(); forget();
            document.title = (view.totals.ready ? "(" + whole.format(view.totals.ready) + ") " : "") + "Message hub";
            if (view.blocking) say("memory is short: publishers are blocked", "held"); else say("live, every second", "live");
          } catch (error) { say("no answer: " + error.message); }
        }
        async function tick() { if (!paused && !document.hidden) { await Promise.all([refresh(), refreshFaults()]); if (openKey) await lookInside(); } setTimeout(tick, 1000); }
        $("pause").addEventListener("click", () => { paused = !paused; $("pause").setAttribute("aria-pressed", String(paused)); $("pause").textContent = paused ? "Go on" : "Pause"; if (paused) say("paused", "held"); });
        $("filter").addEventListener("input", () => { if (view) { queues(); exchanges(); } });
        let next = 0, told = 0;
        async function journal() {
          for (;;) {
            try {
              const page = await call("GET", "/_sim/journal?after=" + next + "&wait_ms=" + (next ? 25000 : 0) + "&limit=500");
              const isFirst = next === 0;
              next = page.next; told += page.entries.length;
              for (const entry of page.entries.slice(-300)) {
                const {seq, at_ms, event, namespace, ...rest} = entry;
                $("journal-list").prepend(el("li", {}, el("span", {class: "t", text: (at_ms / 1000).toFixed(2) + " s"}), el("span", {}, chip(event, event === "decision" ? "warn" : event === "armed" ? "main" : "")), el("span", {class: "d", text: visible((namespace ? namespace + " " : "") + JSON.stringify(rest)).slice(0, 600)})));
              }
              while ($("journal-list").children.length > 300) $("journal-list").lastChild.remove();
              $("journal-empty").hidden = told > 0; $("journal-count").textContent = next ? whole.format(next) : "";
              if (isFirst && !page.entries.length) await new Promise(done => setTimeout(done, 1000));
            } catch { await new Promise(done => setTimeout(done, 2000)); }
          }
        }
        tick(); journal();
        """#
}
