import Foundation
import HoneyPlan

/// Prints what each operator of a query did, as a table.
struct SummaryTable {
    private let summary: QuerySummary

    init(_ summary: QuerySummary) { self.summary = summary }

    var text: String {
        var lines = [
            [
                "Operator", "#Inst", "Avg Time", "Max Time", "#Rows", "Est. #Rows", "Requested", "Bytes Read",
                "Unpacked", SummaryTable.localityTitle, "Peak Mem", "Detail",
            ]
        ]
        for row in summary.rows {
            lines.append([
                String(repeating: "|  ", count: row.depth) + row.operatorName, "\(row.instances)",
                SummaryTable.time(row.totalNanoseconds / max(row.instances, 1)),
                SummaryTable.time(row.maximumNanoseconds), "\(row.rows)",
                row.estimatedRows.map { String(format: "%.0f", $0) } ?? "",
                SummaryTable.bytesOrNothing(row.bytesRequested), SummaryTable.bytesOrNothing(row.bytesRead),
                SummaryTable.bytesOrNothing(row.bytesDecompressed), SummaryTable.text(of: row.locality),
                SummaryTable.bytes(row.peakMemoryBytes),
                row.detail + (row.partsSkipped > 0 ? " (damaged parts skipped: \(row.partsSkipped))" : ""),
            ])
        }
        if summary.rows.allSatisfy({ $0.locality.total == 0 }) {
            let column = lines[0].firstIndex(of: SummaryTable.localityTitle)!
            for index in lines.indices { lines[index].remove(at: column) }
        }
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let table = lines.map { line in
            let cells = zip(line, widths).enumerated().map { index, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return index == 0 || index == line.count - 1 ? cell.0 + padding : padding + cell.0
            }
            return cells.joined(separator: "  ").replacing(/\s+$/, with: "")
        }
        let total =
            "Total: \(SummaryTable.time(summary.wallNanoseconds)), \(SummaryTable.bytes(summary.bytesRead)) read, "
            + "\(SummaryTable.bytes(summary.peakMemoryBytes)) peak memory"
            + (summary.partsSkipped > 0 ? ", \(summary.partsSkipped) damaged parts skipped" : "")
        return (table + [total]).joined(separator: "\n") + "\n"
    }

    private static let localityTitle = "Local/Rack/Off-rack"

    static func time(_ nanoseconds: Int) -> String {
        switch Double(nanoseconds) {
        case ..<1e6: String(format: "%.1fus", Double(nanoseconds) / 1e3)
        case ..<1e9: String(format: "%.1fms", Double(nanoseconds) / 1e6)
        default: String(format: "%.2fs", Double(nanoseconds) / 1e9)
        }
    }

    /// How many splits were local, in the same rack and elsewhere, such as `12/0/3`; nothing where that has no meaning.
    private static func text(of locality: LocalityCounts) -> String {
        locality.total == 0 ? "" : "\(locality.local)/\(locality.rack)/\(locality.offRack)"
    }

    private static func bytesOrNothing(_ count: Int) -> String { count == 0 ? "" : bytes(count) }

    static func bytes(_ count: Int) -> String {
        switch Double(count) {
        case ..<1024: "\(count) B"
        case ..<1_048_576: String(format: "%.1f KiB", Double(count) / 1024)
        case ..<1_073_741_824: String(format: "%.1f MiB", Double(count) / 1_048_576)
        default: String(format: "%.2f GiB", Double(count) / 1_073_741_824)
        }
    }
}
