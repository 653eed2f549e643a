/// What the hub's page does beyond what all pages do (`AdminPage`). Whatever comes from the hub becomes text, never markup.
enum HubPageScript {
    static let text = #"""
        let view = null, openKey = null, inside = null;
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
        $("filter").addEventListener("input", () => { if (view) { queues(); exchanges(); } });
        tick(); journal();
        """#
}
