import HoneyHDFS

/// The page of a DataNode for people.
struct DataNodePage {
    private let overview: DataNodeOverview

    init(_ overview: DataNodeOverview) { self.overview = overview }

    var html: String {
        let title = "DataNode \(overview.address)"
        var body = "<h1>\(HTMLText.escaped(title))</h1>"
        body += "<p class=\"sub\">running since \(HTMLText.escaped(DateText.utc(overview.startMilliseconds)))</p>"
        body += "<div class=\"cards\">" + HTMLText.card("replicas", "\(overview.replicas)")
        body += HTMLText.card("transfers", "\(overview.transfers)")
        body +=
            HTMLText.card("failed volumes", "\(overview.failedVolumes)", isBad: overview.failedVolumes > 0) + "</div>"
        body += "<h2>Volumes</h2><table><tr><th>directory</th><th class=\"n\">replicas</th><th class=\"n\">used</th>"
        body += "<th class=\"n\">free</th><th class=\"n\">capacity</th><th></th></tr>"
        for volume in overview.volumes {
            let (used, capacity) = (UInt64(clamping: volume.used), UInt64(clamping: volume.capacity))
            body += "<tr><td>\(HTMLText.escaped(volume.name))\(volume.isFailed ? " (failed)" : "")</td>"
            body += "<td class=\"n\">\(volume.replicas)</td><td class=\"n\">\(ByteText.short(used))</td>"
            body += "<td class=\"n\">\(ByteText.short(UInt64(clamping: volume.available)))</td>"
            body += "<td class=\"n\">\(ByteText.short(capacity))</td>"
            body += "<td>\(HTMLText.bar(used, of: capacity))</td></tr>"
        }
        body += "</table><h2>NameNodes</h2>" + HTMLText.facts(overview.nameNodes.map { ("RPC", $0) })
        return HTMLText.document(title: title, body)
    }
}
