package enrich

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	datelinev1 "github.com/dateline-news/dateline/proto/dateline/v1"
)

// signField is the name of the field in which an annotation tells who made it.
const signField = "annotator"

// sign writes the annotator's name and version, such as "quote/2", into the
// annotations that nobody has signed: those that it has just made. So a consumer
// can tell, of an annotation taken out of its event, by which rules it was made.
func sign(out *datelinev1.Enrichment, by string) {
	value := protoreflect.ValueOfString(by)
	out.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if field.Message() == nil || field.IsMap() {
			return true
		}
		name := field.Message().Fields().ByName(signField)
		if name == nil {
			return true
		}
		if !field.IsList() {
			signOne(v.Message(), name, value)
			return true
		}
		for i := range v.List().Len() {
			signOne(v.List().Get(i).Message(), name, value)
		}
		return true
	})
}

func signOne(m protoreflect.Message, field protoreflect.FieldDescriptor, by protoreflect.Value) {
	if !m.Has(field) {
		m.Set(field, by)
	}
}
