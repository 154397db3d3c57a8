import HoneyCore
import HoneyFiles
import HoneyStorage
internal import SwiftProtobuf

/// Describes what an ORC file is made of.
enum ORCInspection {
    private typealias Parts = [(name: String, value: StructureDescription)]

    /// Describes a file; fails with `FILE_DAMAGED` when its tail or a stripe's footer is wrong.
    static func describe(_ file: any ReadableFile) throws -> StructureDescription {
        guard file.size > 0 else { return .record([("format", .text("ORC")), ("size_bytes", .integer(0))]) }
        let tail = try FileTail(of: file)
        let footer = tail.footer
        let version = tail.postScript.version.map(String.init).joined(separator: ".")
        var parts: Parts = [
            ("format", .text("ORC")), ("size_bytes", .integer(file.size)), ("version", .text(version)),
            ("writer", .text(writer(tail))), ("compression", .text("\(tail.postScript.compression)".uppercased())),
        ]
        if tail.context.isCompressed { parts.append(("compression_block_bytes", .integer(tail.context.blockBytes))) }
        parts += [
            ("calendar", .text(tail.hasHybridCalendar ? "julian_gregorian" : "proleptic_gregorian")),
            ("rows", integer(footer.numberOfRows)), ("row_group_rows", .integer(Int(footer.rowIndexStride))),
            ("schema", .text(tail.schema.description)),
            ("postscript_footer_bytes", integer(tail.postScript.footerLength)),
            ("postscript_metadata_bytes", integer(tail.postScript.metadataLength)),
        ]
        if !footer.metadata.isEmpty {
            parts.append(("metadata", .record(footer.metadata.map { ($0.name, .integer($0.value.count)) })))
        }
        let names = columnNames(tail.schema)
        parts.append(("columns", statistics(footer.statistics, names, tail)))
        let stripeStatistics = try tail.stripeStatistics()
        parts.append(
            (
                "stripes",
                .list(
                    try footer.stripes.enumerated().map { number, stripe in
                        try describe(
                            stripe, names, tail,
                            number < stripeStatistics.count ? stripeStatistics[number].colStats : [])
                    })
            ))
        return .record(parts)
    }

    private static func writer(_ tail: FileTail) -> String {
        let names = ["java", "c++", "presto", "go", "trino", "cudf"]
        let number = Int(tail.footer.writer)
        let name = number < names.count ? names[number] : "unknown (\(number))"
        let software = tail.footer.softwareVersion
        return "\(name), version \(tail.postScript.writerVersion)" + (software.isEmpty ? "" : ", \(software)")
    }

    /// The path of each column by its number.
    private static func columnNames(_ schema: TypeNode) -> [Int: String] {
        var names = [0: "(row)"]
        func visit(_ node: TypeNode, _ path: String) {
            for (index, child) in node.children.enumerated() {
                let name: String
                switch node.kind {
                case .struct: name = node.names[index]
                case .list: name = "element"
                case .map: name = index == 0 ? "key" : "value"
                default: name = "branch\(index)"
                }
                names[child.column] = path.isEmpty ? name : "\(path).\(name)"
                visit(child, names[child.column] ?? name)
            }
        }
        visit(schema, "")
        return names
    }

    private static func describe(
        _ information: ORCStripeInformation, _ names: [Int: String], _ tail: FileTail,
        _ columns: [ORCColumnStatistics]
    ) throws -> StructureDescription {
        let stripe = try Stripe(information, groupRows: Int(tail.footer.rowIndexStride), context: tail.context)
        let streams = stripe.footer.streams.map { stream -> StructureDescription in
            .record([
                ("column", .text(names[Int(stream.column)] ?? "\(stream.column)")),
                ("kind", .text("\(stream.kind)")), ("bytes", integer(stream.length)),
            ])
        }
        let encodings = stripe.footer.columns.enumerated().map { column, encoding -> StructureDescription in
            var parts: Parts = [
                ("column", .text(names[column] ?? "\(column)")), ("encoding", .text("\(encoding.kind)")),
            ]
            if encoding.hasDictionarySize { parts.append(("dictionary_size", .integer(Int(encoding.dictionarySize)))) }
            if let blooms = stripe.range(.bloomFilterUtf8, of: column) ?? stripe.range(.bloomFilter, of: column) {
                parts.append(("bloom_filter_bytes", .integer(blooms.count)))
            }
            return .record(parts)
        }
        var parts: Parts = [
            ("offset", integer(information.offset)), ("rows", integer(information.numberOfRows)),
            ("index_bytes", integer(information.indexLength)), ("data_bytes", integer(information.dataLength)),
            ("footer_bytes", integer(information.footerLength)), ("row_groups", .integer(stripe.groupCount)),
        ]
        if stripe.footer.hasWriterTimezone { parts.append(("time_zone", .text(stripe.footer.writerTimezone))) }
        parts += [("streams", .list(streams)), ("encodings", .list(encodings))]
        parts.append(("columns", statistics(columns, names, tail)))
        return .record(parts)
    }

    private static func statistics(
        _ columns: [ORCColumnStatistics], _ names: [Int: String], _ tail: FileTail
    ) -> StructureDescription {
        .list(
            columns.enumerated().map { column, statistics in
                var parts: Parts = [
                    ("column", .text(names[column] ?? "\(column)")), ("values", integer(statistics.numberOfValues)),
                ]
                if statistics.hasHasNull_p { parts.append(("has_null", .boolean(statistics.hasNull_p))) }
                return .record(parts + values(statistics))
            })
    }

    private static func values(_ statistics: ORCColumnStatistics) -> Parts {
        func bounds<T>(_ least: T?, _ most: T?, _ sum: T?, _ form: (T) -> StructureDescription) -> Parts {
            [("min", least), ("max", most), ("sum", sum)].compactMap { name, value in value.map { (name, form($0)) } }
        }
        if statistics.hasIntStatistics {
            let values = statistics.intStatistics
            return bounds(
                values.hasMinimum ? values.minimum : nil, values.hasMaximum ? values.maximum : nil,
                values.hasSum ? values.sum : nil) { .integer(Int($0)) }
        }
        if statistics.hasDoubleStatistics {
            let values = statistics.doubleStatistics
            return bounds(values.minimum, values.maximum, values.sum) { .real($0) }
        }
        if statistics.hasStringStatistics {
            let values = statistics.stringStatistics
            let texts = bounds(
                values.hasMinimum ? values.minimum : nil, values.hasMaximum ? values.maximum : nil, nil
            ) { .text($0) }
            return texts + [("bytes", .integer(Int(values.sum)))]
        }
        if statistics.hasDecimalStatistics {
            let values = statistics.decimalStatistics
            return bounds(values.minimum, values.maximum, values.hasSum ? values.sum : nil) { .text($0) }
        }
        if statistics.hasDateStatistics {
            let values = statistics.dateStatistics
            return bounds(values.minimum, values.maximum, nil) { days in
                var text = ByteSink()
                DateText.append(days, to: &text)
                return .text(text.string)
            }
        }
        if statistics.hasTimestampStatistics {
            let values = statistics.timestampStatistics
            return bounds(values.minimumUtc, values.maximumUtc, nil) { milliseconds in
                var text = ByteSink()
                TimestampText.append(Int128(milliseconds) * 1_000_000, to: &text)
                return .text(text.string)
            }
        }
        if statistics.hasBucketStatistics {
            return [("true", integer(statistics.bucketStatistics.count.first ?? 0))]
        }
        if statistics.hasBinaryStatistics { return [("bytes", .integer(Int(statistics.binaryStatistics.sum)))] }
        if statistics.hasCollectionStatistics {
            let values = statistics.collectionStatistics
            return bounds(values.minChildren, values.maxChildren, values.totalChildren, integer)
        }
        return []
    }

    private static func integer(_ value: UInt64) -> StructureDescription { .integer(Int(clamping: value)) }
}
