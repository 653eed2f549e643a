/// The page's structure. Its tables are filled by the script.
enum HubPageMarkup {
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Message hub</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='3' fill='%234f46e5'/%3E%3Cg stroke='%234f46e5' stroke-width='1.6' stroke-linecap='round'%3E%3Cpath d='M8 1.2v2.6M8 12.2v2.6M1.2 8h2.6M12.2 8h2.6'/%3E%3C/g%3E%3C/svg%3E">
        <style>/*STYLE*/</style>
        </head>
        <body>
        <a class="skip" href="#queues">Skip to the queues</a>
        <header class="top">
          <div class="brand">
            <svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="2.6"/><path d="M8 1v3M8 12v3M1 8h3M12 8h3M3 3l2 2M11 11l2 2M13 3l-2 2M5 11l-2 2"/></svg>
            <div><h1>Message hub</h1><p id="url" class="mono muted"></p></div>
          </div>
          <div class="status"><span id="dot" class="dot" aria-hidden="true"></span><span id="status" role="status">connecting …</span>
            <button id="pause" type="button" aria-pressed="false">Pause</button></div>
        </header>
        <nav aria-label="Sections"><a href="#queues">Queues</a><a href="#connections">Connections</a><a href="#exchanges">Exchanges</a><a href="#bindings">Bindings</a><a href="#faults">Faults</a><a href="#journal">Journal</a></nav>
        <main>
        <section class="tiles" id="tiles" aria-label="Totals"></section>
        <section id="queues" aria-labelledby="queues-title">
          <div class="head"><h2 id="queues-title">Queues <span class="count" id="queues-count"></span></h2>
            <input id="filter" type="search" placeholder="Filter by name" aria-label="Filter queues and exchanges by name" autocomplete="off"></div>
          <div class="card"><table id="queues-table"><thead><tr><th scope="col">Queue</th><th scope="col">Kind</th><th scope="col" class="n">Ready</th><th scope="col" class="n">Unacked</th><th scope="col" class="n">Consumers</th><th scope="col" class="n">In /s</th><th scope="col" class="n">Out /s</th><th scope="col">Last minute</th></tr></thead><tbody></tbody></table><p class="empty" hidden>No queue yet. Whatever a client declares appears here.</p></div>
        </section>
        <section id="connections" aria-labelledby="connections-title">
          <div class="head"><h2 id="connections-title">Connections <span class="count" id="connections-count"></span></h2></div>
          <div class="card"><table id="connections-table"><thead><tr><th scope="col">Connection</th><th scope="col">Client</th><th scope="col">User</th><th scope="col" class="n">Channels</th><th scope="col" class="n">Consumers</th><th scope="col" class="n">Unacked</th><th scope="col">State</th><th scope="col"><span class="hide">Action</span></th></tr></thead><tbody></tbody></table><p class="empty" hidden>Nobody is connected.</p></div>
        </section>
        <div class="pair">
        <section id="exchanges" aria-labelledby="exchanges-title">
          <div class="head"><h2 id="exchanges-title">Exchanges <span class="count" id="exchanges-count"></span></h2></div>
          <div class="card"><table id="exchanges-table"><thead><tr><th scope="col">Exchange</th><th scope="col">Type</th><th scope="col" class="n">Published</th><th scope="col" class="n">In /s</th></tr></thead><tbody></tbody></table></div>
        </section>
        <section id="bindings" aria-labelledby="bindings-title">
          <div class="head"><h2 id="bindings-title">Bindings <span class="count" id="bindings-count"></span></h2></div>
          <div class="card"><table id="bindings-table"><thead><tr><th scope="col">From</th><th scope="col">Routing key</th><th scope="col">To</th></tr></thead><tbody></tbody></table><p class="empty" hidden>Nothing is bound. Every queue still answers to its own name on the default exchange.</p></div>
        </section>
        </div>
        <!--FAULTS AND JOURNAL-->
        </main>
        <footer class="muted">A simulated hub. <a href="/metrics">Metrics</a> · <a href="/_sim/state">State</a> · <a href="/api/overview">Management API</a></footer>
        <dialog id="ask" aria-labelledby="ask-text"><p id="ask-text"></p><div class="row"><button id="ask-no" type="button">Keep it open</button><button id="ask-yes" type="button" class="danger">Close connection</button></div></dialog>
        <script>/*SCRIPT*/</script>
        </body>
        </html>
        """#

    /// The plan of faults that the page offers.
    static let plan = #"""
        {"seed": 1, "rules": [
          {"id": "slow", "match": {"queue": "*"},
           "fault": {"kind": "latency", "ms": 250}}]}
        """#
}
