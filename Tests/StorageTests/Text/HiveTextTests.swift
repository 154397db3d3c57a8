import FormatContracts
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Text that Hive wrote must be read as Hive reads it.
struct HiveTextTests {
    /// The table's `NULL DEFINED AS 'NA'` was not in effect when its file was written.
    static let pipe = ["field.delim": "|", "escape.delim": "\\", "colelction.delim": ",", "mapkey.delim": ":"]
    static let tab = ["field.delim": "\t", "collection.delim": ",", "mapkey.delim": "=", "line.delim": "\n"]
    static let crlf = ["field.delim": ",", "escape.delim": "\\", "serialization.escape.crlf": "true"]
    static let semicolon = ["field.delim": ";", "serialization.null.format": "", "serialization.encoding": "UTF-8"]

    @Test(arguments: [
        ("text_default", "part-00000", "ad9e04a898", [:]),
        ("text_hostile", "part-00000", "4f8311311c", [:]),
        ("text_escaped", "part-00000", "26add346fe", ["field.delim": "\u{1}", "escape.delim": "\\"]),
        ("text_escape_crlf", "part-00000", "25005f9215", crlf),
        ("text_tab", "part-00000", "ee8544a23e", tab),
        ("text_pipe_na", "part-00000", "38301dc846", pipe),
        ("text_serdeprops", "part-00000", "ab9f8dc053", semicolon),
        ("text_latin1", "part-00000", "3d7d6c78f9", ["serialization.encoding": "ISO-8859-1"]),
        ("text_gzip", "part-00000.gz", "94d8b5a293", [:]),
        ("text_deflate", "part-00000.deflate", "94d8b5a293", [:]),
        ("text_bzip2", "part-00000.bz2", "94d8b5a293", [:]), ("text_snappy", "part-00000.snappy", "94d8b5a293", [:]),
        ("text_lz4", "part-00000.lz4", "94d8b5a293", [:]),
    ])
    func readsWhatHiveWrote(_ table: String, _ file: String, _ expected: String, _ properties: [String: String]) throws
    {
        let columns = HiveFixture.columns
        let rows = try TextTable(columns, properties).rows(TextTable.file(HiveFixture.data(table, file), name: file))
        HiveFixture.check(rows, of: columns, are: try HiveFixture.expected(expected), table)
    }
}
