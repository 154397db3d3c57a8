/// What a write adds to or makes of the sizes that definitions tell; `rows` nil: not known.
struct WrittenStatistics {
    var files: Int
    var rows: Int?
    var bytes: Int

    static let empty = WrittenStatistics(files: 0, rows: 0, bytes: 0)

    /// Enters the sizes as those of all there is.
    func replace(in parameters: inout [String: String]) {
        parameters["numFiles"] = String(files)
        parameters["totalSize"] = String(bytes)
        parameters["numRows"] = rows.map { String($0) }
        parameters["rawDataSize"] = nil
        parameters["COLUMN_STATS_ACCURATE"] = nil
    }

    /// Adds the sizes to what is known; what was unknown stays so.
    func add(to parameters: inout [String: String]) {
        func sum(_ key: String, _ more: Int?) {
            guard let old = parameters[key].flatMap({ Int($0) }), old >= 0, let more else {
                parameters[key] = nil
                return
            }
            let (total, overflow) = old.addingReportingOverflow(more)
            parameters[key] = overflow ? nil : String(total)
        }
        sum("numFiles", files)
        sum("totalSize", bytes)
        sum("numRows", rows)
        parameters["rawDataSize"] = nil
        parameters["COLUMN_STATS_ACCURATE"] = nil
    }
}
