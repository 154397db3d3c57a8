import HoneyStorage

extension LeafWriter {
    /// The header of the page at hand, whose body is whole.
    func pageHeader(
        _ encoding: Encoding, _ levelBytes: (repetitions: Int, definitions: Int), storedBytes: Int
    ) -> [UInt8] {
        var writer = CompactWriter()
        writer.element { header in
            header.field(1, int32: options.isVersion2 ? PageHeader.Kind.dataV2.rawValue : PageHeader.Kind.data.rawValue)
            header.field(2, int32: body.count)
            header.field(3, int32: storedBytes)
            if options.isVersion2 {
                header.field(8) { page in
                    page.field(1, int32: entries)
                    page.field(2, int32: nulls)
                    page.field(3, int32: pageRows)
                    page.field(4, int32: encoding.rawValue)
                    page.field(5, int32: levelBytes.definitions)
                    page.field(6, int32: levelBytes.repetitions)
                    page.field(7, flag: compressor != nil)
                }
            } else {
                header.field(5) { page in
                    page.field(1, int32: entries)
                    page.field(2, int32: encoding.rawValue)
                    page.field(3, int32: Encoding.runLength.rawValue)
                    page.field(4, int32: Encoding.runLength.rawValue)
                }
            }
        }
        return writer.bytes
    }

    /// The header of the dictionary, whose plain form is the body.
    func dictionaryHeader(_ count: Int, storedBytes: Int) -> [UInt8] {
        var writer = CompactWriter()
        writer.element { header in
            header.field(1, int32: PageHeader.Kind.dictionary.rawValue)
            header.field(2, int32: body.count)
            header.field(3, int32: storedBytes)
            header.field(7) { page in
                page.field(1, int32: count)
                page.field(2, int32: options.isVersion2 ? Encoding.plain.rawValue : Encoding.plainDictionary.rawValue)
            }
        }
        return writer.bytes
    }
}
