{{- define "dateline.name" -}}
{{- printf "%s" .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "dateline.labels" -}}
app.kubernetes.io/name: dateline
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* What selects the pods of one service: list root "fetcher". */}}
{{- define "dateline.selector" -}}
app.kubernetes.io/name: dateline
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "dateline.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "dateline.name" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/* The image of one program: list root "fetcher". */}}
{{- define "dateline.image" -}}
{{- $root := index . 0 -}}
{{- printf "%s/%s:%s" $root.Values.image.registry (index . 1) ($root.Values.image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}

{{- define "dateline.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "dateline.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* How a role reaches NATS: list root "fetcher". */}}
{{- define "dateline.natsEnv" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
{{- with $root.Values.nats -}}
- {name: DATELINE_NATS_URL, value: {{ .url | quote }}}
- {name: DATELINE_NATS_REPLICAS, value: {{ .replicas | quote }}}
- {name: DATELINE_NATS_MAX_STORE, value: {{ .maxStore | quote }}}
{{- if .keysSecret }}
- {name: DATELINE_NATS_NKEY, value: /keys/{{ $role }}.nk}
{{- if .tls }}
- {name: DATELINE_NATS_CA, value: /keys/ca.pem}
- {name: DATELINE_NATS_CERT, value: /keys/{{ $role }}.pem}
- {name: DATELINE_NATS_KEY, value: /keys/{{ $role }}.key}
{{- end }}
{{- end }}
{{- if .tlsFirst }}
- {name: DATELINE_NATS_TLS_FIRST, value: "true"}
{{- end }}
{{- with .serverName }}
- {name: DATELINE_NATS_SERVER_NAME, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- end -}}

{{/* A role's key and certificate, and those of nobody else: list root "fetcher". */}}
{{- define "dateline.keysVolume" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
- name: keys
  secret:
    secretName: {{ $root.Values.nats.keysSecret }}
    defaultMode: 0440
    items:
      - {key: {{ $role }}.nk, path: {{ $role }}.nk}
      {{- if $root.Values.nats.tls }}
      - {key: ca.pem, path: ca.pem}
      - {key: {{ $role }}.pem, path: {{ $role }}.pem}
      - {key: {{ $role }}.key, path: {{ $role }}.key}
      {{- end }}
{{- end -}}
